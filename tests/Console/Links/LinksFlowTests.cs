using System.Net;
using Groundwork.Console.Tests.Browser;
using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Links;

/// <summary>What people do on the pages of Links, in a browser.</summary>
public sealed class LinksFlowTests(Chromium chromium, SharedProgram shared) : IClassFixture<SharedProgram>
{
    private const string Taken = "taken";

    private static int _links;

    // A code that was taken once is never given again, and the tests share a program.
    private readonly string _spring = $"spring-{Interlocked.Increment(ref _links)}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_is_made_and_shown_with_its_picture_and_its_command(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        var page = await console.OpenAsync("/_/links", script: script);
        await page.GetByLabel("Long URL").FillAsync("https://example.org/a/long/path?x=1");
        await page.GetByText("Title, tags, an end").ClickAsync();
        await page.GetByLabel("Title").FillAsync("Spring sale");
        await page.GetByLabel("Tags").Last.FillAsync("sale, 2027");
        await Button(page, "Make the link").ClickAsync();

        var made = page.Locator(".made");
        await Assertions.Expect(made).ToContainTextAsync("leads to https://example.org/a/long/path?x=1");
        Assert.True(await made.Locator("img").EvaluateAsync<bool>("async i => { await i.decode(); return i.naturalWidth > 0 }"));
        await made.GetByText("As a command").ClickAsync();
        await Assertions.Expect(made.Locator("code")).ToContainTextAsync(
            """curl -s -X POST %v1/urls -H 'content-type: application/json' --data-raw '{"long_url":"https://example.org/a/long/path?x=1","tags":["2027","sale"],"title":"Spring sale"}'"""
                .Replace("%", console.Address.ToString(), StringComparison.Ordinal));
        var code = (await made.Locator(".short a").GetAttributeAsync("href"))!.Split('/')[^1];
        Assert.Equal(HttpStatusCode.Redirect, await visitor.FollowAsync(code));
        await Assertions.Expect(page.Locator("table.links")).ToContainTextAsync("Spring sale");
        Assert.Empty(console.Complaints);
    }

    [Fact]
    public async Task The_short_address_is_copied_in_one_click()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links?made={_spring}");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await Button(page, "Copy the short address").ClickAsync();

        await Assertions.Expect(Button(page, "Copied")).ToBeVisibleAsync();
        Assert.Equal($"{console.Address}{_spring}", await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
    }

    [Theory]
    [InlineData("Long URL", "ftp://example.org/", "http")]
    [InlineData("Alias", "no spaces here", "custom_alias")]
    [InlineData("Alias", Taken, "is taken")]
    [InlineData("Owner", "a", "")]
    [InlineData("Tags", "a;b,c", "")]
    [InlineData("Ends after", "86400", "ttl and expires_at")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(string field, string typed, string said)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync("/_/links");
        var form = page.Locator("#make");
        await form.GetByText("Title, tags, an end").ClickAsync();
        await form.GetByLabel("Long URL").FillAsync("https://example.org/kept");
        await form.GetByLabel("Title").FillAsync("Kept too");
        if (field == "Ends after")
        {
            await form.GetByLabel(field).SelectOptionAsync(typed);
            await form.GetByLabel("Ends at").FillAsync("2090-01-31T12:00");
        }
        else
        {
            // A field can be given what the browser would not let one type.
            await form.GetByLabel(field).EvaluateAsync(
                "(i, text) => { i.removeAttribute('maxlength'); i.value = text }", field is "Owner" or "Tags" ? new string('x', 200) : typed == Taken ? _spring : typed);
        }

        await Button(page, "Make the link").ClickAsync();

        var wrong = form.GetByLabel(field);
        await Assertions.Expect(wrong).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(wrong).ToBeFocusedAsync();
        await Assertions.Expect(form.Locator(".error")).ToContainTextAsync(said);
        Assert.Equal(1, await form.Locator("[aria-invalid]").CountAsync());
        await Assertions.Expect(form.GetByLabel("Title")).ToHaveValueAsync("Kept too");
        if (field != "Long URL")
            await Assertions.Expect(form.GetByLabel("Long URL")).ToHaveValueAsync("https://example.org/kept");
        Assert.Empty(await LookTests.TroublesAsync(page, Look.Light));
        Assert.Single((await visitor.SeeAsync("v1/urls"))["items"]!.AsArray());

        // Put right, it is made: a form that was refused is not the same request again.
        await wrong.EvaluateAsync("i => { i.value = i.name === 'long_url' ? 'https://example.org/right' : '' }");
        await Button(page, "Make the link").ClickAsync();
        await Assertions.Expect(page.Locator(".made")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_makes_one_link()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        var page = await console.OpenAsync("/_/links");
        await page.GetByLabel("Long URL").FillAsync("https://example.org/once");

        await page.EvaluateAsync("""
            async () => {
                const form = document.getElementById('make');
                const send = () => fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
                await Promise.all([send(), send()]);
                await send();
            }
            """);

        Assert.Single((await visitor.SeeAsync("v1/urls"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pasted_list_is_told_row_by_row_and_pasting_it_again_makes_nothing_twice(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/links", script: script);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Paste a list" }).First.ClickAsync();
        await page.GetByLabel("The list").FillAsync("https://example.org/1\n\nnot a url\nhttps://example.org/2");
        await Button(page, "Make the links").ClickAsync();

        var rows = page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("refused");
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("long_url");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("made");
        await Assertions.Expect(page.Locator(".figure .value")).ToHaveTextAsync(["2", "0", "1"]);
        await Assertions.Expect(page.GetByLabel("The list")).ToHaveValueAsync("https://example.org/1\n\nnot a url\nhttps://example.org/2");

        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download as CSV").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("links.csv", file.SuggestedFilename);
        Assert.StartsWith("1,\"created\",\"" + console.Address, lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2,\"failed\",,,", lines[2], StringComparison.Ordinal);

        await Button(page, "Make the links").ClickAsync();
        await Assertions.Expect(page.Locator(".figure .value")).ToHaveTextAsync(["0", "2", "1"]);
    }

    [Fact]
    public async Task A_pasted_table_says_what_each_link_is_to_be_and_what_is_wrong_with_its_columns()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        var page = await console.OpenAsync("/_/links/:import");
        await page.GetByLabel("The list").FillAsync("long_url,alias\nhttps://example.org/,x");
        await Button(page, "Make the links").ClickAsync();
        await Assertions.Expect(page.Locator(".error")).ToContainTextAsync("column that is not known");

        await page.GetByLabel("The list").FillAsync($"long_url,custom_alias,tags,title\nhttps://example.org/a,{_spring},sale;2027,\"Spring, \"\"sale\"\"\"");
        await Button(page, "Make the links").ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync($"/{_spring}");
        Assert.Equal("Spring, \"sale\"", (await visitor.SeeAsync($"v1/urls/{_spring}"))["title"]!.ToString());
    }

    [Fact]
    public async Task Links_are_found_by_word_owner_tag_and_state_and_each_search_has_its_address()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/apples", custom_alias = "apples", owner = "shop", tags = LinksVisitor.Tags("fruit") });
        await visitor.MakeAsync(new { long_url = "https://example.org/pears", custom_alias = "pears", owner = "market", tags = LinksVisitor.Tags("fruit", "green") });
        await visitor.MakeAsync(new { long_url = "https://example.org/boats", custom_alias = "boats", owner = "shop" });
        await visitor.ChangeAsync("boats", new { disabled = true });
        var page = await console.OpenAsync("/_/links");
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["boats", "pears", "apples"]);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Tag fruit" }).First.ClickAsync();
        await page.WaitForURLAsync("**/_/links?tag=fruit");
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["pears", "apples"]);

        var search = page.GetByRole(AriaRole.Search, new PageGetByRoleOptions { Name = "Among the links" });
        await search.GetByLabel("Owner").FillAsync("shop");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["apples"]);

        await page.GotoAsync(new Uri(console.Address, "/_/links").ToString());
        await search.GetByLabel("State").SelectOptionAsync("disabled");
        await page.WaitForURLAsync("**state=disabled*");
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["boats"]);

        await page.GotoAsync(new Uri(console.Address, "/_/links?q=PEAR").ToString());
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["pears"]);
        await page.GotoAsync(new Uri(console.Address, "/_/links?q=nothing+like+it").ToString());
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No link is like this");
        await page.GotoAsync(new Uri(console.Address, "/_/links?cursor=forged").ToString());
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("no such place");
    }

    [Fact]
    public async Task A_long_list_is_gone_through_page_by_page()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        for (var i = 1; i <= 60; i++)
            await visitor.MakeAsync(new { long_url = $"https://example.org/{i}", title = $"Number {i}" });
        var page = await console.OpenAsync("/_/links");
        await Assertions.Expect(Names(page)).ToHaveCountAsync(50);
        await Assertions.Expect(Names(page).First).ToHaveTextAsync("Number 60");

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Older" }).ClickAsync();
        await Assertions.Expect(Names(page)).ToHaveCountAsync(10);
        await Assertions.Expect(Names(page).Last).ToHaveTextAsync("Number 1");

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Newest" }).ClickAsync();
        await Assertions.Expect(Names(page).First).ToHaveTextAsync("Number 60");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_is_saved_and_one_that_meets_another_loses_neither(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}", script: script);
        var form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Change the link" });
        await form.GetByLabel("Title").FillAsync("Spring sale");
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("saved");
        if (script)
            await Assertions.Expect(page.Locator(".notice.good")).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Spring sale");

        await form.GetByLabel("Title").FillAsync("Mine");
        await visitor.ChangeAsync(_spring, new { title = "Theirs", owner = "shop" });
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(form.Locator(".notice.warn")).ToContainTextAsync("Somebody else changed this link meanwhile");
        await Assertions.Expect(form.Locator("tbody tr")).ToHaveTextAsync(["TitleMineTheirs", "Owner–shop"]);
        await Assertions.Expect(form.GetByLabel("Title")).ToHaveValueAsync("Mine");
        if (script)
            await Assertions.Expect(form.Locator(".notice.warn")).ToBeFocusedAsync();
        Assert.Equal("Theirs", (await visitor.SeeAsync($"v1/urls/{_spring}"))["title"]!.ToString());
        await LookTests.PictureAsync(page, $"links-conflict.{(script ? "light" : "no-script")}");
        if (script)
            Assert.Empty(await LookTests.TroublesAsync(page, Look.Light));

        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Mine");
    }

    // The browser of the tests is in Berlin.
    [Fact]
    public async Task Hours_are_the_viewers_and_days_say_that_they_are_UTCs()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}?range=24h");
        var ends = page.Locator(".chart .ends").First;
        var end = ends.Locator("time").Last;
        var hour = DateTimeOffset.Parse((await end.GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
        var berlin = TimeZoneInfo.ConvertTime(hour, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        await Assertions.Expect(end).ToContainTextAsync(berlin.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await Assertions.Expect(page.Locator(".chart tbody th time").Last).ToContainTextAsync(berlin.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));

        await page.GotoAsync(new Uri(console.Address, $"/_/links/{_spring}?range=30d&interval=day").ToString());
        await Assertions.Expect(page.Locator(".chart .ends").First).ToContainTextAsync("days of UTC");
    }

    [Theory]
    [InlineData(true, "2090-01-31T11:00:00Z")]
    [InlineData(false, "2090-01-31T12:00:00Z")]
    public async Task An_end_is_typed_in_the_viewers_zone_where_there_is_script_and_in_UTC_where_there_is_none(bool script, string sent)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}", script: script);
        var form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Change the link" });
        var end = form.GetByLabel(script ? "Ends at (Europe/Berlin)" : "Ends at (UTC)");
        await end.FillAsync("2090-01-31T12:00");
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(page.Locator("main > .notice.good")).ToBeVisibleAsync();
        Assert.Equal(DateTimeOffset.Parse(sent, System.Globalization.CultureInfo.InvariantCulture), (DateTimeOffset)(await visitor.SeeAsync($"v1/urls/{_spring}"))["expires_at"]!);

        // Shown again as it was typed, and what is saved with it is the same end.
        await Assertions.Expect(end).ToHaveValueAsync("2090-01-31T12:00");
        await form.GetByLabel("Title").FillAsync("Spring");
        await Button(page, "Save").ClickAsync();
        await Assertions.Expect(form.GetByLabel("Title")).ToHaveValueAsync("Spring");
        await Assertions.Expect(end).ToHaveValueAsync("2090-01-31T12:00");
        Assert.Equal(DateTimeOffset.Parse(sent, System.Globalization.CultureInfo.InvariantCulture), (DateTimeOffset)(await visitor.SeeAsync($"v1/urls/{_spring}"))["expires_at"]!);
    }

    [Fact]
    public async Task A_place_in_the_list_that_is_none_leads_to_the_newest()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/links?cursor=forged");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "To the newest" }).ClickAsync();
        await page.WaitForURLAsync("**/_/links");
    }

    [Fact]
    public async Task What_is_wrong_with_a_change_is_said_at_its_field()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}");
        var form = page.GetByRole(AriaRole.Form, new PageGetByRoleOptions { Name = "Change the link" });
        await form.GetByLabel("Title").FillAsync("Kept");
        await form.GetByLabel("Ends at").FillAsync("2001-01-31T12:00");
        await Button(page, "Save").ClickAsync();

        await Assertions.Expect(form.GetByLabel("Ends at")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(form.Locator(".error")).ToContainTextAsync("in the future");
        await Assertions.Expect(form.GetByLabel("Title")).ToHaveValueAsync("Kept");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_is_switched_off_and_on_and_deleting_it_can_be_undone_until_it_is_for_good(bool script)
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}", script: script);
        await Button(page, "Switch it off").ClickAsync();
        await Assertions.Expect(page.Locator("h1 .chip")).ToHaveTextAsync("off");
        Assert.Equal(HttpStatusCode.Gone, await visitor.FollowAsync(_spring));
        await Button(page, "Switch it on").ClickAsync();
        await Assertions.Expect(page.Locator("h1 .chip")).ToHaveTextAsync("live");

        await Button(page, "Delete it").ClickAsync();
        await Assertions.Expect(page.Locator(".leaving")).ToContainTextAsync("Nothing is lost yet");
        Assert.Equal(HttpStatusCode.Gone, await visitor.FollowAsync(_spring));
        await Button(page, "Undo").ClickAsync();
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("as before");
        Assert.Equal(HttpStatusCode.Redirect, await visitor.FollowAsync(_spring));

        await Button(page, "Delete it").ClickAsync();
        await Button(page, "Delete it for good").ClickAsync();
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync($"{_spring} is deleted");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("There are no links yet");
        await page.GotoAsync(new Uri(console.Address, $"/_/links/{_spring}").ToString());
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync($"There is no link with the code '{_spring}'");
    }

    [Fact]
    public async Task A_link_that_somebody_changed_meanwhile_is_not_deleted_unseen()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        await visitor.ChangeAsync(_spring, new { disabled = true });
        var page = await console.OpenAsync($"/_/links/{_spring}");
        await Button(page, "Delete it").ClickAsync();
        await Assertions.Expect(page.GetByText("Keep it, switched off")).ToBeVisibleAsync();

        await visitor.ChangeAsync(_spring, new { title = "Still wanted" });
        await Button(page, "Delete it for good").ClickAsync();

        await Assertions.Expect(page.Locator(".notice.bad")).ToContainTextAsync("somebody changed it meanwhile");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Still wanted");
    }

    [Fact]
    public async Task Two_who_watch_see_clicks_come_without_loading_their_pages()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var one = await console.OpenAsync($"/_/links/{_spring}?range=24h");
        var other = await console.OpenAsync($"/_/links/{_spring}", Look.Narrow);
        foreach (var page in new[] { one, other })
        {
            await Assertions.Expect(page.Locator(".figure .value")).ToHaveTextAsync(["0", "0", "0", "0", "0"]);
            await page.EvaluateAsync("() => { window.sameDocument = true }");
        }

        for (var i = 0; i < 3; i++)
            await visitor.FollowAsync(_spring, from: "https://news.example/today");
        await visitor.FollowAsync(_spring, LinksVisitor.Phone);
        await visitor.FollowAsync(_spring, LinksVisitor.Crawler);
        await visitor.FollowAsync(_spring, method: HttpMethod.Head);

        foreach (var page in new[] { one, other })
        {
            await Assertions.Expect(page.Locator(".figure .value")).ToHaveTextAsync(["4", "2", "1", "0", "1"]);
            var referrers = page.Locator(".bars", new PageLocatorOptions { HasText = "From where" });
            await Assertions.Expect(referrers.Locator("dt")).ToHaveTextAsync(["news.example", "direct"]);
            await Assertions.Expect(page.Locator(".bars", new PageLocatorOptions { HasText = "Browser" }).Locator("dt")).ToHaveTextAsync(["Firefox", "Safari"]);
            Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        }

        Assert.Empty(console.Complaints);
    }

    [Fact]
    public async Task Every_time_has_its_address()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        await visitor.FollowAsync(_spring);
        var page = await console.OpenAsync($"/_/links/{_spring}");
        var times = page.Locator("nav.ranges a[aria-current]");
        await Assertions.Expect(times).ToHaveTextAsync(["7 days", "by day"]);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "24 hours" }).ClickAsync();
        await page.WaitForURLAsync("**?range=24h&interval=hour");
        await Assertions.Expect(times).ToHaveTextAsync(["24 hours", "by hour"]);
        await Assertions.Expect(page.Locator(".chart .data tbody tr")).ToHaveCountAsync(24);

        await page.GetByText("Other days").ClickAsync();
        await page.GetByLabel("From (UTC)").FillAsync("2026-01-01");
        await page.GetByLabel("To, that day too").FillAsync("2026-01-31");
        await Button(page, "Show").ClickAsync();
        await page.WaitForURLAsync("**?from=2026-01-01&to=2026-01-31");
        await Assertions.Expect(page.Locator(".chart .data tbody tr")).ToHaveCountAsync(31);
        await Assertions.Expect(page.Locator(".figure .value").First).ToHaveTextAsync("0");

        await page.GotoAsync(new Uri(console.Address, $"/_/links/{_spring}?from=2026-02-01&to=2026-01-31").ToString());
        await Assertions.Expect(page.GetByLabel("From (UTC)")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.GetByText("From must not be after to.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_picture_is_taken_along_as_a_file()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = _spring });
        var page = await console.OpenAsync($"/_/links/{_spring}");

        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download the QR code").ClickAsync());

        Assert.Equal($"{_spring}.svg", file.SuggestedFilename);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mouse_a_link_is_made_and_its_page_reached()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/links");
        await TabToAsync(page, "#long-url");
        await page.Keyboard.TypeAsync("https://example.org/by/keys");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".made")).ToBeVisibleAsync();

        await TabToAsync(page, ".made .short a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".about")).ToContainTextAsync("https://example.org/by/keys");
        await TabToAsync(page, "#edit-title");
        await page.Keyboard.TypeAsync("By keys");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("By keys");
    }

    [Fact]
    public async Task Who_may_only_look_is_offered_nothing_else()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var visitor = new LinksVisitor(console.Address);
        await visitor.MakeAsync(new { long_url = "https://example.org/", custom_alias = "spring" });
        var keeper = await console.OpenAsync("/_/keys");
        await keeper.GetByLabel("Name").FillAsync("reader");
        await keeper.GetByLabel("console:view").CheckAsync();
        await keeper.GetByLabel("links:read").CheckAsync();
        await Button(keeper, "Make the key").ClickAsync();
        var key = await keeper.Locator(".secret pre").First.InnerTextAsync();
        await console.RestartAsync(() => Task.CompletedTask, "--Access:Require=always");

        var page = await console.OpenAsync("/_/links/spring");
        await page.GetByLabel("Key").FillAsync(key);
        await Button(page, "Sign in").ClickAsync();
        await page.WaitForURLAsync("**/_/links/spring");
        await Assertions.Expect(page.Locator(".figure")).ToHaveCountAsync(5);
        Assert.True(await page.Locator("img.qr").EvaluateAsync<bool>("async i => { await i.decode(); return i.naturalWidth > 0 }"));
        await Assertions.Expect(page.Locator("main form[method=post]")).ToHaveCountAsync(0);

        await page.GotoAsync(new Uri(console.Address, "/_/links").ToString());
        await Assertions.Expect(Names(page)).ToHaveTextAsync(["spring"]);
        await Assertions.Expect(page.Locator("main form[method=post]")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(console.Address, "/_/links/:import").ToString());
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("links:write");
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = name is "Delete it" or "Show" });

    private static ILocator Names(IPage page) => page.Locator("table.links tbody strong");

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
        }

        Assert.Fail($"{selector} is not reached by the keyboard.");
    }
}
