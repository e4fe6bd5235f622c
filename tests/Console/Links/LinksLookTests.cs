using Groundwork.Console.Tests.Browser;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Links;

/// <summary>Every state of the pages of Links as people see it: light, dark, narrow.</summary>
public sealed class LinksLookTests(Chromium chromium)
{
    internal static readonly (string Name, string Address)[] Pages =
    [
        ("links", "/_/links"),
        ("links-made", "/_/links?made=spring&alias=1"),
        ("links-filled-in", "/_/links?long_url=https://example.org/from/elsewhere&tags=a,b&title=Filled+in"),
        ("links-none-found", "/_/links?q=nothing+like+it"),
        ("links-expired", "/_/links?state=expired"),
        ("links-older", "/_/links?cursor=forged"),
        ("links-import", "/_/links/:import"),
        ("link", "/_/links/spring"),
        ("link-24h", "/_/links/spring?range=24h"),
        ("link-days", "/_/links/spring?from=2026-11-01&to=2026-11-30"),
        ("link-wrong-days", "/_/links/spring?from=2026-02-01&to=2026-01-31"),
        ("link-off", "/_/links/autumn"),
        ("link-leaving", "/_/links/autumn?deleted=live"),
        ("link-missing", "/_/links/nowhere"),
    ];

    [Fact]
    public async Task Every_state_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/links");
        var looker = new Looker(page);
        await looker.SeeAsync("links-empty");

        using var visitor = new LinksVisitor(console.Address);
        await UseAsync(visitor);
        foreach (var (state, address) in Pages)
            await looker.OpenAsync(state, new Uri(console.Address, address));

        await page.GotoAsync(new Uri(console.Address, "/_/links").ToString());
        await page.GetByLabel("Long URL").FillAsync("https://example.org/kept");
        await page.GetByLabel("Alias").FillAsync("spring");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the link" }).ClickAsync();
        await Assertions.Expect(page.Locator(".error")).ToBeVisibleAsync();
        await looker.SeeAsync("links-refused");

        await page.GotoAsync(new Uri(console.Address, "/_/links/:import").ToString());
        await page.GetByLabel("The list").FillAsync("long_url,custom_alias\nhttps://example.org/one,one\nnot a url,two\nhttps://example.org/spring,spring\nhttps://example.org/" + new string('x', 300) + ",long");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the links" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
        await looker.SeeAsync("links-imported");

        looker.HasNoTroubles();
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("status of 40", StringComparison.Ordinal));
    }

    // Links of every kind, and one that many follow in many ways.
    internal static async Task UseAsync(LinksVisitor visitor)
    {
        await visitor.MakeAsync(new { long_url = "https://example.org/winter", custom_alias = "winter", expires_at = DateTimeOffset.UtcNow.AddYears(1) });
        await visitor.MakeAsync(new { long_url = "https://example.org/autumn/leaves", custom_alias = "autumn", title = "Autumn leaves", tags = LinksVisitor.Tags("sale") });
        await visitor.ChangeAsync("autumn", new { disabled = true });
        await visitor.MakeAsync(new { long_url = "https://example.org/" + new string('a', 400) + "?utm_source=newsletter", owner = "somebody with a long name", tags = LinksVisitor.Tags("one", "two", "three", "a-very-long-tag-that-goes-on-and-on") });
        await visitor.MakeAsync(new { long_url = "https://example.org/spring/sale?utm_source=poster", custom_alias = "spring", title = "Spring sale", owner = "shop", tags = LinksVisitor.Tags("2027", "sale") });
        string[] hosts = ["news.example", "mail.example", "search.example", "forum.example", "blog.example", "shop.example", "a.example", "b.example", "c.example", "d.example"];
        for (var i = 0; i < 40; i++)
            await visitor.FollowAsync("spring", i % 3 == 0 ? LinksVisitor.Phone : LinksVisitor.Firefox, i % 4 == 0 ? null : $"https://{hosts[i * i % hosts.Length]}/");
        for (var i = 0; i < 5; i++)
            await visitor.FollowAsync("spring", LinksVisitor.Crawler);
        await visitor.FollowAsync("spring", method: HttpMethod.Head);

        // What is counted while somebody looks makes charts grow, and moves what stands below them.
        await visitor.CountedAsync("spring", clicks: 40, bots: 5, heads: 1);
    }
}
