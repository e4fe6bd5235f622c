using Groundwork.Console.Tests.Browser;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.RateLimits;

/// <summary>What people do on the pages of rate limits, in a browser.</summary>
public sealed class LimitsFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_limits_are_tried_on_what_came_and_their_address_shows_the_same(bool script)
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        await limited.UseAsync();
        var page = await limited.Console.OpenAsync("/_/limits", script: script);
        await page.Locator("table.policies").GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "mail" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("mail");

        await page.Locator("#permits-1").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Try it" }).ClickAsync();
        var result = page.Locator("#result");
        await Assertions.Expect(result).ToContainTextAsync("these limits would have refused");
        await Assertions.Expect(result).ToContainTextAsync("acme");
        await Assertions.Expect(page.Locator("#permits-1")).ToHaveValueAsync("2");
        Assert.True(await limited.TakeAsync("mail", "somebody new"));

        var sent = await limited.Console.OpenAsync(new Uri(page.Url).PathAndQuery, script: false);
        await Assertions.Expect(sent.Locator("#result")).ToContainTextAsync("these limits would have refused");
        await Assertions.Expect(sent.Locator("#permits-1")).ToHaveValueAsync("2");
        Assert.Empty(limited.Console.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_reset_once_that_was_confirmed(bool script)
    {
        await using var limited = await LimitedConsole.StartAsync(chromium, """ "mail": { "routes": [], "limits": [ { "permits": 2, "period": "30d" } ] } """);
        Assert.True(await limited.TakeAsync("mail", "acme"));
        Assert.True(await limited.TakeAsync("mail", "acme"));
        Assert.False(await limited.TakeAsync("mail", "acme"));
        var page = await limited.Console.OpenAsync("/_/limits/mail", script: script);
        await page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Are refused most" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "acme" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("acme");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Reset it…" }).ClickAsync();
        Assert.False(await limited.TakeAsync("mail", "acme"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Reset it", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is as if this key had never asked.")).ToBeVisibleAsync();
        Assert.True(await limited.TakeAsync("mail", "acme"));
        Assert.Empty(limited.Console.Complaints);
    }

    [Fact]
    public async Task What_is_allowed_and_refused_shows_while_it_happens()
    {
        await using var limited = await LimitedConsole.StartAsync(chromium, """ "mail": { "routes": [], "limits": [ { "permits": 20, "period": "30d" } ] } """);
        var page = await limited.Console.OpenAsync("/_/limits");
        var mail = page.Locator("table.policies tbody tr").Filter(new LocatorFilterOptions { Has = page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "mail" }) });
        await Assertions.Expect(mail).ToContainTextAsync("0 in all");
        for (var i = 0; i < 25; i++)
            await limited.TakeAsync("mail", "acme");
        await Assertions.Expect(mail).ToContainTextAsync("20 in all");
        await Assertions.Expect(mail).ToContainTextAsync("5 in all");
    }

    [Fact]
    public async Task What_is_wrong_with_limits_to_try_is_said_at_its_field()
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        var page = await limited.Console.OpenAsync("/_/limits/mail?algorithm=gcra&permits=5&period=1m&burst=&algorithm=gcra&permits=many&period=1m&burst=");
        var permits = page.Locator("#permits-2");
        await Assertions.Expect(permits).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(permits).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".what-if .error")).ToHaveTextAsync("A whole number, such as 100.");
        await Assertions.Expect(page.Locator(".what-if .notice")).ToHaveCountAsync(0);

        await page.GotoAsync(new Uri(limited.Console.Address, "/_/limits/mail?algorithm=gcra&permits=5&period=soon&burst=").ToString());
        await Assertions.Expect(page.Locator("#period-1")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator(".what-if .error")).Not.ToContainTextAsync("limits[");
    }

    [Fact]
    public async Task By_keyboard_alone_other_limits_are_tried()
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        await limited.UseAsync();
        var page = await limited.Console.OpenAsync("/_/");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("policies of rate");
        await Assertions.Expect(page.Locator("#palette [role=option]").First).ToContainTextAsync("Policies of rate limits");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Rate limits");
        await Assertions.Expect(page.Locator(".side [aria-current]")).ToContainTextAsync("Rate limits");
        await TabToAsync("table.policies a[href='/_/limits/mail']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("mail");
        await TabToAsync("#permits-1");
        await page.Keyboard.TypeAsync("3");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("3 a minute");

        async Task TabToAsync(string wanted)
        {
            for (var i = 0; i < 80 && !await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted); i++)
                await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted), wanted);
        }
    }
}
