using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.EndToEnd.Tests;

/// <summary>
/// A data folder of every version that had a format of its own, kept as that version left it. A new one is added when
/// migrations are; none is ever changed.
/// </summary>
public sealed class DataFolderTests : IDisposable
{
    private static readonly string Kept = Path.Combine(AppContext.BaseDirectory, "DataFolders");

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(Kept).Select(d => Path.GetFileName(d))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_data_of_an_earlier_version_are_opened_and_everything_is_there(string version)
    {
        var old = Path.Combine(Kept, version);
        Directory.CreateDirectory(_folder["database"]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(old, "database")))
            File.Copy(file, Path.Combine(_folder["database"], Path.GetFileName(file)));
        var links = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(old, "links.json"), Cancellation))!;

        await using var running = await GroundworkProcess.StartAsync(_folder.Path);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = running.Address };

        foreach (var (code, longUrl) in links)
        {
            var response = await client.GetAsync(new Uri(code, UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            Assert.Equal(longUrl, response.Headers.Location!.OriginalString);
        }

        var created = await client.PostAsJsonAsync(new Uri("v1/urls", UriKind.Relative), new { long_url = "https://example.org/" }, Cancellation);
        var fresh = (await created.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
        Assert.DoesNotContain(fresh, links.Keys);
        var (exitCode, output) = await GroundworkProcess.RunAsync("keys", "list", $"--Data={_folder.Path}");
        Assert.Equal(0, exitCode);
        Assert.Contains("old", output, StringComparison.Ordinal);
    }
}
