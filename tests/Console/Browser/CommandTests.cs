using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Groundwork.Console.Tests.Cache;
using Groundwork.Console.Tests.Links;
using Groundwork.Testing;
using Groundwork.Testing.Processes;

namespace Groundwork.Console.Tests.Browser;

/// <summary>The commands that pages show, pasted into a shell.</summary>
public sealed partial class CommandTests
{
    // What ends with an error of HTTP, or of the cache, fails here; what it prints is for people.
    private const string Shell = "curl() { command curl --fail-with-body \"$@\"; }; redis-cli() { command redis-cli -e \"$@\"; }\n";

    // Those that say how to try them.
    private static readonly (string Name, string Address)[] Modules = [("cache", "/_/modules/Cache"), ("limits", "/_/modules/RateLimits")];

    [Fact]
    public async Task Every_command_that_a_page_shows_does_what_it_says_once_it_is_pasted()
    {
        using var folder = new TempFolder();
        await using var program = await GroundworkProcess.StartAsync(folder["data"]);
        using var http = new HttpClient { BaseAddress = program.Address };
        using var links = new LinksVisitor(program.Address);
        await LinksLookTests.UseAsync(links);
        using var cache = await CacheVisitor.OfAsync(program.Address);
        await cache.FillAsync();
        var troubles = new List<string>();
        var pasted = 0;

        foreach (var (_, address) in Modules.Concat(LookTests.Pages).Concat(LinksLookTests.Pages).Concat(CacheLookTests.Pages).Where(p => !IsLeftOut(p.Address)))
        {
            // The page anew before each: most commands change what it shows, and say which state of it they are for.
            var done = new HashSet<string>(StringComparer.Ordinal);
            while ((await CommandsAsync(address)).FirstOrDefault(c => !done.Contains(c.Name)) is { Text.Length: > 0 } command)
            {
                done.Add(command.Name);
                var (code, output) = await PasteAsync(command.Text);
                pasted++;
                if (code != 0)
                    troubles.Add($"{address}: {command.Text}\n  ended with {code}: {output}");
                await cache.FillAsync();
            }
        }

        Assert.Empty(troubles);
        Assert.True(pasted > 80, $"{pasted} commands were found");

        async Task<IEnumerable<(string Name, string Text)>> CommandsAsync(string address)
        {
            using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return Shown().Matches(page)
                .Select(m => (Text: WebUtility.HtmlDecode(m.Groups["text"].Value), Name: m.Groups["name"].Value))
                // Drills and benchmarks are other tests' matter; what names a code to be put in is no command yet.
                .Where(c => !c.Text.StartsWith("groundwork ", StringComparison.Ordinal) && !c.Text.EndsWith("/CODE", StringComparison.Ordinal) && !c.Text.Contains("@list.csv", StringComparison.Ordinal))
                .Where(c => c.Text.StartsWith("curl ", StringComparison.Ordinal) || c.Text.StartsWith("redis-cli", StringComparison.Ordinal))
                .Select(c => (c.Name.Length > 0 ? c.Name : c.Text, c.Text));
        }
    }

    [Fact]
    public async Task What_the_program_says_of_the_cache_as_it_starts_works_or_is_not_said()
    {
        using var folder = new TempFolder();
        await using (var program = await GroundworkProcess.StartAsync(folder["served"], "--Cache:Password=secret"))
        {
            var line = program.Output.Split('\n').Single(l => l.Contains(" set greeting ", StringComparison.Ordinal));
            var (_, output) = await PasteAsync("CACHE_PASSWORD=secret\n" + line.Trim());
            Assert.Contains("OK", output, StringComparison.Ordinal);

            using var http = new HttpClient { BaseAddress = program.Address };
            Assert.Contains("redis-cli -u redis://default:$CACHE_PASSWORD@", await http.GetStringAsync("/_/modules/Cache", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains("-a &quot;$CACHE_PASSWORD&quot; -n 3 set greeting", await http.GetStringAsync("/_/cache/clients?database=3", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await using var silent = await GroundworkProcess.StartAsync(folder["silent"], "--Cache:Listen=none", "--Access:Require=always");
        Assert.DoesNotContain("redis-cli", silent.Output, StringComparison.Ordinal);
        Assert.Contains("curl -s -H \"Authorization: Bearer $GROUNDWORK_KEY\" ", silent.Output, StringComparison.Ordinal);
    }

    // Examples of the design; what was refused, and is again; what made a link whose name is taken since.
    private static bool IsLeftOut(string address) =>
        address.StartsWith("/_/design", StringComparison.Ordinal) || address.Contains("cursor=forged", StringComparison.Ordinal) || address.Contains("made=", StringComparison.Ordinal);

    private static async Task<(int Code, string Output)> PasteAsync(string text)
    {
        var start = new ProcessStartInfo("bash", ["-c", Shell + text]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, output[..Math.Min(output.Length, 300)] + await errors);
    }

    [GeneratedRegex("""(<summary>As a command: (?<name>[^<]*)</summary>\s*)?<div class="command">(\s*<p>[^<]*</p>)?\s*<div class="copyable"><pre[^>]*><code>(?<text>[^<]*)</code>""")]
    private static partial Regex Shown();
}
