using Groundwork.Console.Tests.Browser;
using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Broker;

/// <summary>What people do on the broker's pages, in a browser.</summary>
public sealed class BrokerFlowTests(Chromium chromium, SharedProgram shared) : IClassFixture<SharedProgram>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_is_made_written_to_read_given_partitions_and_deleted(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        var page = await console.OpenAsync("/_/broker", script: script);
        await page.GetByLabel("A new topic").FillAsync("orders");
        await page.GetByLabel("Partitions", new PageGetByLabelOptions { Exact = true }).FillAsync("2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the topic" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("orders");
        await Assertions.Expect(page.GetByText("orders is made.")).ToBeVisibleAsync();

        await page.GetByLabel("Key", new PageGetByLabelOptions { Exact = true }).FillAsync("customer-1");
        await page.GetByLabel("Headers").FillAsync("lang: en");
        await page.GetByLabel("Value", new PageGetByLabelOptions { Exact = true }).FillAsync("""{"total":12}""");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Append it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("at offset 0, durably.")).ToBeVisibleAsync();
        var record = page.Locator("table.records tbody tr");
        await Assertions.Expect(record).ToContainTextAsync("customer-1");
        await Assertions.Expect(record).ToContainTextAsync("lang: en");
        await record.Locator("summary").ClickAsync();
        await Assertions.Expect(record.Locator("pre.held")).ToContainTextAsync("\"total\": 12");

        await page.GetByLabel("Partitions, instead of 2").FillAsync("4");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "See what it does" }).ClickAsync();
        await Assertions.Expect(page.Locator("#plan")).ToContainTextAsync("of all keys go to another partition");
        Assert.Equal(2, (int)(await visitor.ReadAsync("v1/topics/orders"))["partition_count"]!);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add 2 partitions" }).ClickAsync();
        await Assertions.Expect(page.GetByText("orders has 4 partitions now.")).ToBeVisibleAsync();
        Assert.Equal(4, (int)(await visitor.ReadAsync("v1/topics/orders"))["partition_count"]!);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Delete it…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete it", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("orders is deleted.")).ToBeVisibleAsync();
        Assert.DoesNotContain((await visitor.ReadAsync("v1/topics"))["items"]!.AsArray(), topic => (string?)topic!["name"] == "orders");
        Assert.Empty(console.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_is_reset_after_it_was_shown_what_that_does(bool script)
    {
        // What a page shows may be a second old, and without script it stays as it was: there nobody may have looked before.
        await using var console = script ? await OpenConsole.OfAsync(chromium, shared) : await OpenConsole.StartAsync(chromium);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.AppendAsync("orders", "x", times: 10);
        await visitor.ResetAsync("billing", "orders", "latest");
        var page = await console.OpenAsync("/_/broker/groups", script: script);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "billing" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("billing");

        await page.GetByLabel("Go on at").SelectOptionAsync("shift");
        await page.GetByLabel("Which offset, time or number").FillAsync("-4");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "See what it does" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.moves")).ToContainTextAsync("4 come again");
        Assert.Equal(0, (long)(await visitor.ReadAsync("v1/groups/billing"))["lag"]!);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Reset it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is reset")).ToBeVisibleAsync();
        Assert.Equal(4, (long)(await visitor.ReadAsync("v1/groups/billing"))["lag"]!);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Delete it…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete it", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("billing is deleted.")).ToBeVisibleAsync();
        Assert.Empty(console.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_setting_is_changed_and_what_the_broker_does_not_take_is_said_at_its_field(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        var page = await console.OpenAsync("/_/broker/topics/orders", script: script);
        var (retention, save) = (page.GetByLabel("retention.ms"), page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the settings" }));
        await Assertions.Expect(page.Locator("#set-retention-ms-help")).ToContainTextAsync("by default 7\u202fd");

        await retention.FillAsync("soon");
        await page.GetByLabel("segment.bytes").FillAsync("1048576");
        await save.ClickAsync();
        await Assertions.Expect(page.Locator("#set-retention-ms-error")).ToContainTextAsync("retention.ms is a whole number from -1 to");
        await Assertions.Expect(retention).ToHaveValueAsync("soon");
        await Assertions.Expect(page.GetByLabel("segment.bytes")).ToHaveValueAsync("1048576");
        Assert.Empty(await SettingsAsync(visitor));

        await retention.FillAsync("86400000");
        await page.GetByLabel("message.timestamp.type").SelectOptionAsync("LogAppendTime");
        await save.ClickAsync();
        await Assertions.Expect(page.GetByText("The settings of orders are saved")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#set-retention-ms-help")).ToContainTextAsync("now 1\u202fd");
        Assert.Equal(["message.timestamp.type=LogAppendTime", "retention.ms=86400000", "segment.bytes=1048576"], await SettingsAsync(visitor));

        await retention.FillAsync("");
        await save.ClickAsync();
        await Assertions.Expect(page.Locator("#set-retention-ms-help")).Not.ToContainTextAsync("now");
        Assert.Equal(["message.timestamp.type=LogAppendTime", "segment.bytes=1048576"], await SettingsAsync(visitor));
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("status of 400", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shorter_retention_is_saved_after_it_was_shown_how_many_records_go(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.AppendAsync("orders", "x", times: 3);
        var page = await console.OpenAsync("/_/broker/topics/orders", script: script);
        await ShortenAsync();
        var asked = page.Locator("#outlived");
        await Assertions.Expect(asked).ToContainTextAsync("Nothing is saved yet. By these settings 3 of the 3 records in orders go");
        Assert.Empty(await SettingsAsync(visitor));
        await asked.GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Keep them" }).ClickAsync();
        await Assertions.Expect(asked).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByLabel("retention.bytes", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("");

        await ShortenAsync();
        await asked.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Save, and let 3 records go" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The settings of orders are saved")).ToBeVisibleAsync();
        Assert.Equal(["retention.bytes=0"], await SettingsAsync(visitor));
        Assert.Empty(console.Complaints);

        async Task ShortenAsync()
        {
            await page.GetByLabel("retention.bytes", new PageGetByLabelOptions { Exact = true }).FillAsync("0");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the settings" }).ClickAsync();
        }
    }

    [Fact]
    public async Task Settings_that_somebody_changed_meanwhile_are_not_overwritten_unseen()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        var (one, other) = (await console.OpenAsync("/_/broker/topics/orders"), await console.OpenAsync("/_/broker/topics/orders"));
        await SaveAsync(one, "1000000");
        await Assertions.Expect(one.GetByText("are saved")).ToBeVisibleAsync();

        // Also not where what was typed first was refused, and is typed again.
        await SaveAsync(other, "soon");
        await Assertions.Expect(other.Locator("#set-retention-ms-error")).ToBeVisibleAsync();
        await SaveAsync(other, "2000000");

        await Assertions.Expect(other.GetByText("somebody changed the topic meanwhile")).ToBeVisibleAsync();
        await Assertions.Expect(other.GetByLabel("retention.ms")).ToHaveValueAsync("1000000");

        static async Task SaveAsync(IPage page, string retention)
        {
            await page.GetByLabel("retention.ms").FillAsync(retention);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the settings" }).ClickAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_records_are_deleted_after_it_was_shown_how_many_go(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.AppendAsync("orders", "x", times: 10);
        var page = await console.OpenAsync("/_/broker/topics/orders", script: script);
        await page.GetByLabel("All before").FillAsync("soon");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "See how many go" }).ClickAsync();
        await Assertions.Expect(page.Locator("#delete-before-error")).ToContainTextAsync("before must be earliest, latest, an offset, or a time");

        await page.GetByLabel("All before").FillAsync("7");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "See how many go" }).ClickAsync();
        await Assertions.Expect(page.Locator("#deletion")).ToContainTextAsync("7 of the 10 records in partition 0 go");
        Assert.Equal(10, (long)(await visitor.ReadAsync("v1/topics/orders"))["records"]!);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete 7 records" }).ClickAsync();
        await Assertions.Expect(page.GetByText("partition 0 begins at offset 7 now")).ToBeVisibleAsync();
        Assert.Equal(3, (long)(await visitor.ReadAsync("v1/topics/orders"))["records"]!);
        Assert.Empty(console.Complaints);
    }

    [Fact]
    public async Task A_group_that_committed_something_meanwhile_is_not_reset_and_is_shown_as_it_is_now()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.AppendAsync("orders", "x", times: 10);
        await visitor.ResetAsync("billing", "orders", "earliest");
        var page = await console.OpenAsync("/_/broker/group?name=billing&to=latest");
        await visitor.ResetAsync("billing", "orders", "5");

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Reset it" }).ClickAsync();

        await Assertions.Expect(page.GetByText("has committed something meanwhile")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("table.moves")).ToContainTextAsync("5 are passed over");
        Assert.Equal(5, (long)(await visitor.ReadAsync("v1/groups/billing"))["lag"]!);
    }

    [Fact]
    public async Task What_comes_and_how_far_a_group_is_behind_shows_while_it_happens()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.ResetAsync("billing", "orders", "latest");
        var topics = await console.OpenAsync("/_/broker");
        var groups = await console.OpenAsync("/_/broker/groups");
        await Assertions.Expect(groups.Locator("table.groups")).ToContainTextAsync("0 records");

        await visitor.AppendAsync("orders", "x", times: 12);

        // Over ten seconds: it is seen at once, or not any more.
        await Assertions.Expect(topics.Locator("table.topics tbody tr").Filter(new LocatorFilterOptions { HasText = "orders" }).Locator("[data-label=Come]")).Not.ToHaveTextAsync("0\u202f/s");
        await Assertions.Expect(groups.Locator("table.groups")).ToContainTextAsync("12 records");
        await Assertions.Expect(groups.Locator("table.groups")).ToContainTextAsync("left");
    }

    [Fact]
    public async Task What_was_refused_is_there_again_as_it_was_typed()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/broker");
        await page.GetByLabel("A new topic").FillAsync("no good");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the topic" }).ClickAsync();
        await Assertions.Expect(page.Locator("#make .notice")).ToContainTextAsync("letters, digits");
        await Assertions.Expect(page.GetByLabel("A new topic")).ToHaveValueAsync("no good");
    }

    [Fact]
    public async Task Records_are_gone_through_from_the_newest_to_the_first()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        for (var i = 0; i < 6; i++)
            await visitor.AppendAsync("orders", $"value-{i}", times: 10);
        var page = await console.OpenAsync("/_/broker/topics/orders");
        var rows = page.Locator("table.records tbody tr");
        await Assertions.Expect(rows.First.Locator("th")).ToHaveTextAsync("59");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Earlier ones" }).ClickAsync();
        await Assertions.Expect(rows.First.Locator("th")).ToHaveTextAsync("10");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Earlier ones" }).ClickAsync();
        await Assertions.Expect(rows.First.Locator("th")).ToHaveTextAsync("0");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Later ones" }).ClickAsync();
        await Assertions.Expect(rows.First.Locator("th")).ToHaveTextAsync("25");
    }

    [Fact]
    public async Task By_keyboard_alone_a_group_is_found_and_reset()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new BrokerVisitor(console.Address);
        await visitor.MakeAsync("orders", 1);
        await visitor.AppendAsync("orders", "x", times: 10);
        await visitor.ResetAsync("billing", "orders", "latest");
        var page = await console.OpenAsync("/_/");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("consumer groups");
        await Assertions.Expect(page.Locator("#palette [role=option]").First).ToContainTextAsync("Consumer groups");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Groups");
        await Assertions.Expect(page.Locator(".side [aria-current]")).ToContainTextAsync("Broker");
        await Assertions.Expect(page.Locator("table.groups a")).ToHaveTextAsync(["billing"]);
        await TabToAsync("table.groups a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("billing");
        await TabToAsync("main form[method=get] button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#plan")).ToContainTextAsync("10 come again");
        await TabToAsync("#plan button.danger");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("It is reset")).ToBeVisibleAsync();

        async Task TabToAsync(string wanted)
        {
            for (var i = 0; i < 80 && !await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted); i++)
                await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("wanted => document.activeElement.matches(wanted)", wanted), wanted);
        }
    }

    private static async Task<IEnumerable<string>> SettingsAsync(BrokerVisitor visitor) =>
        (await visitor.ReadAsync("v1/topics/orders"))["settings"]!.AsObject().Select(s => $"{s.Key}={s.Value}").Order(StringComparer.Ordinal);
}
