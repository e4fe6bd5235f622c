using Groundwork.Console.Tests.Cache;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>What the first page says of the house.</summary>
public sealed class HouseTests(Chromium chromium)
{
    [Fact]
    public async Task What_clients_ask_of_the_cache_is_seen_as_requests_are()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var cache = await CacheVisitor.OfAsync(console.Address);
        await cache.FillAsync();
        var page = await console.OpenAsync("/_/");
        var room = page.Locator(".room", new PageLocatorOptions { HasText = "Redis' protocol" });
        var flow = page.Locator(".flow .moving", new PageLocatorOptions { HasText = "Commands of clients to Cache" });

        using var seen = new CancellationTokenSource();
        var asking = AskAsync(cache, seen.Token);
        await Assertions.Expect(flow).ToBeVisibleAsync();
        await Assertions.Expect(room.Locator(".pulse")).ToContainTextAsync("Commands");
        await Assertions.Expect(room.Locator(".pulse")).ToContainTextAsync("%");
        await seen.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task Who_looks_for_the_first_time_asks_for_nothing_that_is_counted()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/modules/Console");
        await page.WaitForFunctionAsync("() => window.drawn > 2");

        var metrics = await page.EvaluateAsync<string>("async () => await (await fetch('/metrics')).text()");

        var counted = metrics.Split('\n').Where(l => l.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)).ToList();
        Assert.Contains(counted, l => l.Contains("http_route=\"/_/modules/{name}\"", StringComparison.Ordinal));
        Assert.DoesNotContain(counted, l => !l.Contains("http_route=\"/_/", StringComparison.Ordinal));
        Assert.DoesNotContain(counted, l => l.Contains("http_route=\"/_/live\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thousandths_are_shown_of_other_days_too()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/design");
        await Assertions.Expect(page.Locator("time[data-precise]").Last).ToContainTextAsync("09.123");
    }

    // On and on, so that what is seen does not depend on when one looks.
    private static async Task AskAsync(CacheVisitor cache, CancellationToken seen)
    {
        while (!seen.IsCancellationRequested)
        {
            await cache.AskAsync("get", "greeting");
            await cache.AskAsync("get", "nothing");
        }
    }
}
