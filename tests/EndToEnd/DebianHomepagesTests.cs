using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

/// <summary>
/// Addresses as people write them: the Homepage of every package in Debian's index, some tens of thousands, imported, followed,
/// and equal.
/// </summary>
public sealed class DebianHomepagesTests
{
    private const int AtOnce = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_homepage_of_Debian_is_imported_and_leads_where_it_led()
    {
        var homepages = await HomepagesAsync();
        Assert.SkipWhen(homepages.Count == 0, "There is no package index here: apt-get update makes one.");
        using var folder = new TempFolder();
        await using var program = await GroundworkProcess.StartAsync(folder["data"]);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = program.Address };

        var first = await ImportAsync(client, homepages);
        var refused = first.Where(r => r.Code is null).ToList();
        Assert.All(refused, r => Assert.False(IsWebAddress(homepages[r.Row]), $"{homepages[r.Row]} was refused: {r.Problem}"));
        Assert.True(refused.Count < homepages.Count / 100, $"{refused.Count} of {homepages.Count} were refused");

        await Parallel.ForEachAsync(first.Where(r => r.Code is not null), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (result, cancellation) =>
        {
            using var response = await client.GetAsync(new Uri(result.Code!, UriKind.Relative), cancellation);
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            AssertSame(homepages[result.Row], response.Headers.Location!);
        });

        var again = await ImportAsync(client, homepages);
        Assert.DoesNotContain(again, r => r.Status == "created");
        Assert.Equal(first.Select(r => r.Code), again.Select(r => r.Code));
    }

    // To the letter where it is ASCII already; else the same address to whoever resolves it.
    private static void AssertSame(string homepage, Uri location)
    {
        if (Ascii.IsValid(homepage) && location.OriginalString == homepage)
            return;
        Assert.Equal(new Uri(homepage).AbsoluteUri, location.AbsoluteUri);
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && !text.Contains(' ', StringComparison.Ordinal);

    private static async Task<List<Result>> ImportAsync(HttpClient client, List<string> homepages)
    {
        var lines = string.Concat(homepages.Select(h => JsonSerializer.Serialize(new { long_url = h }) + "\n"));
        using var body = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await client.PostAsync(new Uri("/v1/urls:import", UriKind.Relative), body, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answers = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(homepages.Count, answers.Length - 1);
        return [.. answers[..^1].Select((answer, row) => Read(JsonDocument.Parse(answer).RootElement, row))];
    }

    private static Result Read(JsonElement answer, int row)
    {
        Assert.Equal(row + 1, answer.GetProperty("row").GetInt32());
        return new(
            row,
            answer.GetProperty("status").GetString()!,
            answer.TryGetProperty("code", out var code) ? code.GetString() : null,
            answer.TryGetProperty("problem", out var problem) ? problem.GetRawText() : null);
    }

    private static async Task<List<string>> HomepagesAsync()
    {
        if (!File.Exists("/usr/bin/apt-cache"))
            return [];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/apt-cache", ["dumpavail"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("Homepage: ", StringComparison.Ordinal))
                found.Add(line["Homepage: ".Length..]);
        }

        await process.WaitForExitAsync(Cancellation);
        await errors;
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private sealed record Result(int Row, string Status, string? Code, string? Problem);
}
