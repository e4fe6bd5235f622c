using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>What goes on while pages are open: others, restarts, people without a mouse or without script.</summary>
public sealed class LivingTests(Chromium chromium, SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Fact]
    public async Task An_open_page_comes_back_by_itself_after_the_server_was_killed_and_has_what_was_typed()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/links");
        await page.EvaluateAsync("() => { window.sameDocument = true }");
        var connection = page.Locator("#connection");
        var make = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the link" });
        await page.GetByLabel("Long URL").FillAsync("https://example.org/half/typed");

        await console.KillAsync(async () =>
        {
            await Assertions.Expect(connection).ToContainTextAsync("Trying again");
            await make.ClickAsync();
            await Assertions.Expect(connection).ToContainTextAsync("Nothing was sent");
        });

        await Assertions.Expect(connection).ToBeEmptyAsync();
        var streams = await page.EvaluateAsync<int>(
            "async () => (await (await fetch('/_/live/now?r=instance')).json()).instance.length");
        Assert.True(streams > 0);
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        await Assertions.Expect(page.GetByLabel("Long URL")).ToHaveValueAsync("https://example.org/half/typed");
        await make.ClickAsync();
        await Assertions.Expect(page.Locator(".made")).ToContainTextAsync("leads to https://example.org/half/typed");
    }

    [Fact]
    public async Task While_the_server_is_away_links_lead_nowhere_and_the_address_stays_the_pages()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/links?q=spring");
        var connection = page.Locator("#connection");
        var settings = page.Locator("nav a", new PageLocatorOptions { HasText = "Settings" });
        var here = page.Url;

        await console.KillAsync(async () =>
        {
            // Before anybody knows, and once it is known.
            await settings.ClickAsync();
            await Assertions.Expect(connection).ToContainTextAsync("does not answer");
            await page.WaitForFunctionAsync("here => location.href === here", here);
            await settings.ClickAsync();
            await Assertions.Expect(connection).ToContainTextAsync("still on the page");
            Assert.Equal(here, page.Url);
            await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Links");
        });

        await Assertions.Expect(connection).ToBeEmptyAsync();
        Assert.Equal(here, page.Url);
        await settings.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Settings");
    }

    [Fact]
    public async Task Two_who_look_see_the_same_without_loading_their_pages()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var one = await console.OpenAsync("/_/logs");
        var other = await console.OpenAsync("/_/");
        var rate = other.Locator(".flow .moving");

        await one.EvaluateAsync(OpenConsole.Asking);

        await Assertions.Expect(rate.First).ToBeVisibleAsync();
        var third = await console.OpenAsync("/_/");
        await Assertions.Expect(third.Locator(".flow .moving").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_live_leaves_focus_and_what_was_opened_alone()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/");
        await page.Locator(".room a", new PageLocatorOptions { HasText = "Links" }).FocusAsync();

        await page.EvaluateAsync(OpenConsole.Asking);
        await Assertions.Expect(page.Locator(".flow .moving").First).ToBeVisibleAsync();

        Assert.Equal("Links", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
    }

    [Fact]
    public async Task Without_a_mouse_one_gets_everywhere()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/");

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => location.hash === '#main'");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("http:lis");
        await Assertions.Expect(page.Locator("#palette [aria-selected=true]")).ToContainTextAsync("Http:Listen");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/_/settings?q=Http%3AListen");
        await Assertions.Expect(page.Locator("th code")).ToContainTextAsync(["Http:Listen"]);

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("cache.stampede");
        await Assertions.Expect(page.Locator("#palette [aria-selected=true]")).ToContainTextAsync("cache.stampede");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/_/experiments?q=cache.stampede");
        await Assertions.Expect(page.Locator(".experiments code").First).ToHaveTextAsync("cache.stampede");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("no page is called this");
        await Assertions.Expect(page.Locator("#palette [aria-selected=true]")).ToContainTextAsync("Links with these words");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/_/links?q=no%20page%20is%20called%20this");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#palette")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keys_are_made_shown_once_rotated_and_revoked()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/keys");
        await page.GetByLabel("Name").FillAsync("importer");
        await page.GetByLabel("links:write").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the key" }).ClickAsync();

        var secret = await page.Locator(".secret pre").First.InnerTextAsync();
        Assert.StartsWith("gw_", secret, StringComparison.Ordinal);
        Assert.Equal(201, await CreateAsync(page, secret));
        await page.GotoAsync(new Uri(console.Address, "/_/keys").ToString());
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByText("Change").ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Give a new secret" }).ClickAsync();
        var second = page.Locator(".secret pre").First;
        await Assertions.Expect(second).ToContainTextAsync("gw_");
        var rotated = await second.InnerTextAsync();
        Assert.NotEqual(secret, rotated);
        Assert.Equal(401, await CreateAsync(page, secret));

        await page.GotoAsync(new Uri(console.Address, "/_/keys").ToString());
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GetByText("Change").ClickAsync();
        await page.GetByLabel("Yes, shut out whoever uses it").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("'importer' is revoked");
        Assert.Equal(401, await CreateAsync(page, rotated));
    }

    [Fact]
    public async Task A_drill_is_run_in_one_click_and_its_output_comes_by_itself()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run the drill" }).ClickAsync();

        await page.WaitForURLAsync("**/_/experiments/1");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("links.enumeration");
        await Assertions.Expect(page.Locator("main .chip.good")).ToHaveTextAsync("succeeded", new LocatorAssertionsToHaveTextOptions { Timeout = 120_000 });
        await Assertions.Expect(page.Locator(".output")).ToContainTextAsync("links.enumeration");
        await LookTests.PictureAsync(page, "run.light");
        Assert.Empty(await LookTests.TroublesAsync(page, Look.Light));
    }

    [Fact]
    public async Task A_benchmark_is_run_in_one_click()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run the benchmark" }).ClickAsync();

        await page.WaitForURLAsync("**/_/experiments/1");
        await Assertions.Expect(page.Locator("main .chip.good")).ToHaveTextAsync("succeeded", new LocatorAssertionsToHaveTextOptions { Timeout = 120_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "End it" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_long_drill_is_ended_by_who_has_seen_enough()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/experiments");
        var card = page.Locator(".experiments li", new PageLocatorOptions { HasText = "database.crash" });
        await page.GetByLabel("How drills run").GetByLabel("Short").UncheckAsync();
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Run database.crash" }).ClickAsync();
        await page.WaitForURLAsync("**/_/experiments/1");

        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "End it" }).ClickAsync();

        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("was ended");
        await Assertions.Expect(page.Locator("main .chip").First).ToHaveTextAsync("cancelled");
    }

    [Fact]
    public async Task Who_is_let_in_by_a_key_sees_what_it_permits_and_signs_out_again()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var keeper = await console.OpenAsync("/_/keys");
        await keeper.GetByLabel("Name").FillAsync("onlooker");
        await keeper.GetByLabel("console:view").CheckAsync();
        await keeper.GetByLabel("links:read").CheckAsync();
        await keeper.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the key" }).ClickAsync();
        var key = await keeper.Locator(".secret pre").First.InnerTextAsync();
        Assert.DoesNotContain("GROUNDWORK_KEY", await CommandsAsync(keeper, console, "/_/links"), StringComparison.Ordinal);
        await console.RestartAsync(() => Task.CompletedTask, "--Access:Require=always");

        var page = await console.OpenAsync("/_/settings?q=Http#main");
        await page.WaitForURLAsync("**/_/sign-in?return=*");
        await page.GetByLabel("Key").FillAsync("gw_wrong");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice.bad")).ToContainTextAsync("not known here");
        await page.GetByLabel("Key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();

        await page.WaitForURLAsync("**/_/settings?q=Http#main");
        await Assertions.Expect(page.Locator("nav a", new PageLocatorOptions { HasText = "House" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("nav a", new PageLocatorOptions { HasText = "Keys" })).ToHaveCountAsync(0);
        Assert.Contains("Bearer $GROUNDWORK_KEY", await CommandsAsync(page, console, "/_/links"), StringComparison.Ordinal);
        await page.GotoAsync(new Uri(console.Address, "/_/modules/RateLimits").ToString());
        await Assertions.Expect(page.Locator(".command pre").First).ToContainTextAsync("Bearer $GROUNDWORK_KEY");

        // What a key may not see one is not led to.
        await Assertions.Expect(page.Locator("nav a", new PageLocatorOptions { HasText = "Cache" }).First).ToHaveAttributeAsync("href", "/_/modules/Cache");
        await page.GotoAsync(new Uri(console.Address, "/_/").ToString());
        await page.Locator(".room a", new PageLocatorOptions { HasText = "Rate limits" }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Address, "/_/modules/RateLimits").ToString());
        await page.GotoAsync(new Uri(console.Address, "/_/").ToString());
        await page.Locator(".room a", new PageLocatorOptions { HasText = "Links" }).PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Address, "/_/links").ToString());
        await page.GotoAsync(new Uri(console.Address, "/_/keys").ToString());
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("access:manage");

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/_/sign-in");
    }

    [Fact]
    public async Task The_pages_work_without_script()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/", script: false);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make one" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("now leads to");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("blocklist");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".found")).ToContainTextAsync("Links:Blocklist");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Links with these words" }).ClickAsync();
        await page.WaitForURLAsync("**/_/links?q=blocklist");
    }

    [Fact]
    public async Task First_steps_are_put_away_for_good()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Put away" }).ClickAsync();
        await Assertions.Expect(page.Locator(".steps")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".house")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".steps")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_form_that_is_not_of_this_console_is_refused_in_the_same_layout()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/keys");
        await page.EvaluateAsync("() => document.querySelectorAll('form[action=\"/_/keys\"] input[type=hidden]').forEach(i => { i.value = 'forged' })");
        await page.GetByLabel("Name").FillAsync("forged");
        await page.GetByLabel("links:write").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the key" }).ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("not from a page of this console");
        await Assertions.Expect(page.Locator("nav[aria-label=Console]")).ToBeVisibleAsync();
    }

    private static async Task<string> CommandsAsync(IPage page, OpenConsole console, string address)
    {
        await page.GotoAsync(new Uri(console.Address, address).ToString());
        return string.Join('\n', await page.Locator(".as-command pre").AllTextContentsAsync());
    }

    private static Task<int> CreateAsync(IPage page, string key) => page.EvaluateAsync<int>(
        """
        async key => (await fetch('/v1/urls', {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: 'Bearer ' + key },
            body: '{"long_url":"https://example.org/"}'
        })).status
        """, key);
}
