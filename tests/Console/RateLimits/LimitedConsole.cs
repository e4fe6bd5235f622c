using System.Net.Http.Json;
using Groundwork.Console.Tests.Browser;
using Groundwork.Testing;

namespace Groundwork.Console.Tests.RateLimits;

/// <summary>The real program with policies, and those who are limited by them.</summary>
internal sealed class LimitedConsole : IAsyncDisposable
{
    private const string Policies = """
        "api": { "routes": ["/v1/urls*"], "by": ["address"], "limits": [ { "permits": 2000, "period": "1m", "burst": 4000 } ] },
        "mail": { "routes": [], "by": ["header:X-Tenant"], "limits": [ { "permits": 20, "period": "1m" }, { "algorithm": "fixed-window", "permits": 1000, "period": "1d" } ], "store_down": "refuse" },
        "edge": { "descriptor": { "domain": "edge", "entries": ["generic_key=slow", "remote_address"] }, "limits": [ { "permits": 10, "period": "1s" } ] },
        "trial": { "routes": [], "shadow": true, "limits": [ { "algorithm": "sliding-window", "permits": 5, "period": "15m" } ] },
        "quiet": { "routes": ["/v1/urls"], "methods": ["DELETE"], "limits": [ { "permits": 1, "period": "1s" } ], "batch": 0, "cost": 3 },
        "jobs": { "routes": [], "limits": [ { "algorithm": "concurrency", "permits": 5, "period": "1m" } ] }
        """;

    private readonly TempFolder _folder;
    private readonly HttpClient _http;

    private LimitedConsole(TempFolder folder, OpenConsole console)
    {
        (_folder, Console) = (folder, console);
        _http = new HttpClient { BaseAddress = console.Address };
    }

    /// <summary>The console.</summary>
    public OpenConsole Console { get; }

    public static async Task<LimitedConsole> StartAsync(Chromium chromium, string policies = Policies)
    {
        var folder = new TempFolder();
        Write(folder, policies);
        return new LimitedConsole(folder, await OpenConsole.StartAsync(chromium, $"--RateLimits:Policies={folder["limits.json"]}"));
    }

    /// <summary>Other policies; read within five seconds.</summary>
    public void Write(string policies) => Write(_folder, policies);

    /// <summary>A mistake in the file.</summary>
    public void Spoil() => File.WriteAllText(_folder["limits.json"], """{ "policies": { "api": { "limits": [ { "permits": 0, "period": "1m" } ] } } }""");

    /// <summary>Many callers, of whom one asks much more than it may, and some more than a little.</summary>
    public async Task UseAsync()
    {
        for (var i = 0; i < 120; i++)
        {
            await TakeAsync("mail", i % 2 == 0 ? "acme" : i % 5 == 0 ? "globex" : $"tenant-{i % 30}");
            await TakeAsync("trial", "");
            await _http.GetAsync(new Uri("v1/urls?limit=1", UriKind.Relative));
        }

        await TakeAsync("mail", "a tenant with a name that is longer than any name of a tenant should be, and <strong>has</strong> marks in it");
    }

    /// <summary>A take by HTTP.</summary>
    public async Task<bool> TakeAsync(string policy, string key)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri($"v1/limits/{policy}:take", UriKind.Relative), new { key });
        var body = await answer.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>();
        return (bool)body!["allowed"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Console.DisposeAsync();
        _folder.Dispose();
    }

    private static void Write(TempFolder folder, string policies) => File.WriteAllText(folder["limits.json"], $$"""{ "policies": { {{policies}} } }""");
}
