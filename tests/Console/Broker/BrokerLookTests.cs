using Groundwork.Console.Tests.Browser;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Broker;

/// <summary>Every state of the broker's pages as people see it: light, dark, narrow.</summary>
public sealed class BrokerLookTests(Chromium chromium)
{
    private static readonly (string Name, string Address)[] Pages =
    [
        ("broker", "/_/broker"),
        ("broker-found", "/_/broker?q=ord"),
        ("broker-none-found", "/_/broker?q=nothing"),
        ("broker-topic", "/_/broker/topics/orders"),
        ("broker-topic-empty", "/_/broker/topics/empty"),
        ("broker-topic-first", "/_/broker/topics/orders?partition=0&from=earliest#records"),
        ("broker-topic-behind", "/_/broker/topics/orders?from=99999#records"),
        ("broker-topic-refused", "/_/broker/topics/orders?from=yesterday#records"),
        ("broker-topic-partitions", "/_/broker/topics/orders?total=6#more-partitions"),
        ("broker-topic-partitions-refused", "/_/broker/topics/orders?total=2#more-partitions"),
        ("broker-topic-deletion", "/_/broker/topics/orders?of=0&before=1#delete-records"),
        ("broker-topic-deletion-wrong", "/_/broker/topics/orders?of=0&before=soon#delete-records"),
        ("broker-topic-deletion-refused", "/_/broker/topics/orders?of=0&before=99999#delete-records"),
        ("broker-topic-leaving", "/_/broker/topics/orders?delete=1"),
        ("broker-topic-internal", "/_/broker/topics/__consumer_offsets"),
        ("broker-topic-missing", "/_/broker/topics/nobody"),
        ("broker-groups", "/_/broker/groups"),
        ("broker-groups-none-found", "/_/broker/groups?q=nothing"),
        ("broker-group", "/_/broker/group?name=billing"),
        ("broker-group-odd", "/_/broker/group?name=team%20a%2Freports%20%3Cb%3E"),
        ("broker-group-plan", "/_/broker/group?name=billing&to=latest#reset"),
        ("broker-group-plan-refused", "/_/broker/group?name=billing&to=time&place=soon#reset"),
        ("broker-group-leaving", "/_/broker/group?name=billing&delete=1"),
        ("broker-group-missing", "/_/broker/group?name=nobody"),
    ];

    [Fact]
    public async Task Every_state_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/broker");
        var looker = new Looker(page);
        await looker.SeeAsync("broker-none");
        await page.GotoAsync(new Uri(console.Address, "/_/broker/groups").ToString());
        await looker.SeeAsync("broker-groups-none");

        using var visitor = new BrokerVisitor(console.Address);
        await visitor.FillAsync();
        foreach (var (state, address) in Pages)
            await looker.OpenAsync(state, new Uri(console.Address, address));
        await page.GotoAsync(new Uri(console.Address, "/_/broker/topics/orders?partition=0").ToString());
        foreach (var value in new[] { "#value-0", "#value-6", "#value-8" })
            await page.Locator($"{value} > summary").ClickAsync();
        await looker.SeeAsync("broker-topic-opened");
        await page.GotoAsync(new Uri(console.Address, "/_/broker/topics/orders").ToString());
        await page.GetByLabel("retention.ms").FillAsync("soon");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the settings" }).ClickAsync();
        await Assertions.Expect(page.Locator("#set-retention-ms-error")).ToBeVisibleAsync();
        await looker.SeeAsync("broker-topic-settings-refused");

        looker.HasNoTroubles();
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("status of 40", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hot_partition_is_marked_with_its_keys_while_the_page_is_open_and_nothing_jumps()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 4);
        var page = await console.OpenAsync("/_/broker/topics/orders");
        var card = page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "is hot" });
        for (var i = 0; i < 400 && await card.CountAsync() == 0; i++)
        {
            await visitor.AppendAsync("orders", "x", key: "celebrity", times: 100);
            await visitor.AppendAsync("orders", "x", key: $"customer-{i}");
        }

        await Assertions.Expect(card).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".hot .pairs")).ToContainTextAsync("celebrity");
        await Assertions.Expect(page.Locator("table.partitions .chip.warn")).ToHaveTextAsync("hot");
        Assert.Empty(await Stillness.TroublesAsync(page));
        var looker = new Looker(page);
        await looker.SeeAsync("broker-topic-hot");
        await page.GotoAsync(new Uri(console.Address, "/_/broker").ToString());
        await Assertions.Expect(page.GetByText("a partition is hot")).ToBeVisibleAsync();
        looker.HasNoTroubles();
    }
}
