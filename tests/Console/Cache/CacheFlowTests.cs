using Groundwork.Console.Tests.Browser;
using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Cache;

/// <summary>What people do on the cache's pages, in a browser.</summary>
public sealed class CacheFlowTests(Chromium chromium, SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_found_looked_at_and_removed_once_that_was_confirmed(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.AskAsync("set", "greeting", "hello", "ex", "3600");
        await visitor.AskAsync("set", "other", "x");
        var page = await console.OpenAsync("/_/cache", script: script);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Browse the clients’ keys" }).ClickAsync();
        await page.GetByLabel("Names like").FillAsync("gree*");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Find", Exact = true }).ClickAsync();
        var found = page.Locator("table.keys").First; // those that are read most are below
        await Assertions.Expect(found.Locator("tbody tr")).ToHaveCountAsync(1);
        await found.Locator("a").ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("greeting");
        await Assertions.Expect(page.Locator("pre.held")).ToHaveTextAsync("hello");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Remove it…" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Remove this key?")).ToBeVisibleAsync();
        Assert.Equal("hello", await visitor.AskAsync("get", "greeting"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove it", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByText("greeting is removed.")).ToBeVisibleAsync();
        Assert.Equal("$-1", await visitor.AskAsync("get", "greeting"));
        Assert.Equal("x", await visitor.AskAsync("get", "other"));
        Assert.Empty(console.Complaints);
    }

    [Fact]
    public async Task A_key_that_somebody_changed_meanwhile_is_not_removed_and_is_shown_as_it_is_now()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.AskAsync("set", "visits", "1");
        var page = await console.OpenAsync("/_/cache/clients/key?key=visits&remove=1");
        await visitor.AskAsync("incr", "visits");

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove it", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByText("somebody changed it meanwhile")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("pre.held")).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task What_a_key_holds_is_seen_to_change_and_that_it_is_gone()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.AskAsync("set", "visits", "1");
        var page = await console.OpenAsync("/_/cache/clients/key?key=visits");
        await Assertions.Expect(page.Locator("pre.held")).ToHaveTextAsync("1");

        await visitor.AskAsync("set", "visits", "2");
        await Assertions.Expect(page.Locator("pre.held")).ToHaveTextAsync("2");

        await visitor.AskAsync("del", "visits");
        await Assertions.Expect(page.GetByText("It is gone")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_read_most_shows_while_it_is_read()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.FillAsync();
        var page = await console.OpenAsync("/_/cache/clients");

        await visitor.ReadAsync(500);

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "The keys read most" }).Locator("tbody tr").First).ToContainTextAsync("greeting");
        await Assertions.Expect(page.GetByText("Since the start: ")).Not.ToContainTextAsync("0 hits and 0 misses");
    }

    [Fact]
    public async Task By_keyboard_alone_a_key_is_found_looked_at_and_removed()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.FillAsync();
        var page = await console.OpenAsync("/_/");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("keys of the cache");
        await Assertions.Expect(page.Locator("#palette [role=option]").First).ToContainTextAsync("Keys of the cache");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("What clients keep");
        await Assertions.Expect(page.Locator(".side [aria-current]")).ToContainTextAsync("Cache");

        await TabToAsync("[name=match]");
        await page.Keyboard.TypeAsync("queue");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("table.keys").First.Locator("tbody tr")).ToHaveCountAsync(1);
        await TabToAsync("table.keys a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("queue");
        await TabToAsync("#element-4 > summary");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#element-4 pre")).ToBeVisibleAsync();
        await page.GotoAsync(page.Url);
        await TabToAsync(".head .danger");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Keep it" })).ToBeFocusedAsync();
        await TabToAsync(".leaving button.danger");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("queue is removed.")).ToBeVisibleAsync();

        async Task TabToAsync(string wanted)
        {
            for (var i = 0; i < 80 && !await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted); i++)
                await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted), wanted);
        }
    }
}
