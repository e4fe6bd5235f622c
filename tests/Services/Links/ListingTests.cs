using System.Net;
using Groundwork.Testing.Servers;

namespace Groundwork.Links.Tests;

/// <summary>What a listing promises on every engine.</summary>
public abstract class ListingContract(PostgresServer? postgres) : LinksTests(postgres)
{
    [Fact]
    public async Task Pages_show_every_link_once_and_the_newest_first()
    {
        var made = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            made.Add(await Links.CodeAsync(new { long_url = $"https://example.org/{i}" }));
            if (i % 5 == 4)
                Links.Time.Advance(TimeSpan.FromMilliseconds(1)); // so that several share a millisecond
        }

        var pages = new List<string[]>();
        for (var query = "limit=5"; ;)
        {
            var (codes, cursor) = await PageAsync(query);
            pages.Add(codes);
            if (cursor is null)
                break;
            query = $"limit=5&cursor={cursor}";
        }

        Assert.Equal([5, 5, 5, 5, 3], pages.Select(p => p.Length));
        Assert.Equal(made.Order(StringComparer.Ordinal), pages.SelectMany(p => p).Order(StringComparer.Ordinal));
        var ages = pages.SelectMany(p => p).Select(code => made.IndexOf(code) / 5).ToList();
        Assert.Equal(ages.OrderDescending(), ages);
    }

    [Fact]
    public async Task A_link_made_while_pages_are_read_neither_shifts_nor_repeats_anything()
    {
        for (var i = 0; i < 4; i++)
            await Links.CodeAsync(new { long_url = $"https://example.org/{i}" });
        var (all, _) = await PageAsync("");
        var (first, cursor) = await PageAsync("limit=2");
        Links.Time.Advance(TimeSpan.FromSeconds(1));
        await Links.CodeAsync(new { long_url = "https://example.org/late" });

        var (second, end) = await PageAsync($"limit=2&cursor={cursor}");

        Assert.Equal(all, first.Concat(second));
        Assert.Null(end);
    }

    [Fact]
    public async Task Owner_and_tag_match_exactly_and_narrow_together()
    {
        var both = await Links.CodeAsync(new { long_url = "https://example.org/1", owner = "ann", tags = Tags("red", "blue") });
        var owned = await Links.CodeAsync(new { long_url = "https://example.org/2", owner = "ann" });
        var tagged = await Links.CodeAsync(new { long_url = "https://example.org/3", owner = "Ann", tags = Tags("red") });
        await Links.CodeAsync(new { long_url = "https://example.org/4", owner = "anna", tags = Tags("reddish") });

        Assert.Equivalent(new[] { both, owned }, (await PageAsync("owner=ann")).Codes, strict: true);
        Assert.Equivalent(new[] { both, tagged }, (await PageAsync("tag=red")).Codes, strict: true);
        Assert.Equal([both], (await PageAsync("owner=ann&tag=red")).Codes);
        Assert.Equal([both], (await PageAsync("owner=ann&tag=red&q=%2F1")).Codes);
        Assert.Empty((await PageAsync("owner=ann&tag=green")).Codes);
    }

    [Fact]
    public async Task Pages_of_an_owner_and_of_a_tag_go_on_where_they_ended()
    {
        for (var i = 0; i < 6; i++)
            await Links.CodeAsync(new { long_url = $"https://example.org/{i}", owner = i % 2 == 0 ? "even" : "odd", tags = Tags(i % 2 == 0 ? "t" : "u") });

        foreach (var query in new[] { "owner=even", "tag=t", "owner=even&tag=t" })
        {
            var (all, _) = await PageAsync(query);
            var (first, cursor) = await PageAsync($"{query}&limit=2");
            var (second, end) = await PageAsync($"{query}&limit=2&cursor={cursor}");
            Assert.Equal(3, all.Length);
            Assert.Equal(all, first.Concat(second));
            Assert.Null(end);
        }
    }

    [Fact]
    public async Task Q_finds_part_of_the_address_the_title_and_the_code_in_whatever_case()
    {
        var address = await Links.CodeAsync(new { long_url = "https://example.org/Quarterly-Report" });
        var title = await Links.CodeAsync(new { long_url = "https://example.org/1", title = "ÜBER quarterly figures" });
        var alias = await Links.CodeAsync(new { long_url = "https://example.org/2", custom_alias = "my-QUARTERLY" });
        var other = await Links.CodeAsync(new { long_url = "https://example.org/3" });

        Assert.Equivalent(new[] { address, title, alias }, (await PageAsync("q=quarterly")).Codes, strict: true);
        Assert.Equal([title], (await PageAsync("q=%C3%BCber")).Codes);
        Assert.Equal([other], (await PageAsync($"q={other.ToUpperInvariant()}")).Codes);
    }

    [Theory]
    [InlineData("%25", "https://example.org/100%25")]
    [InlineData("_", "https://example.org/a_b")]
    [InlineData("*", "https://example.org/a*b")]
    [InlineData("'", "https://example.org/it's")]
    public async Task Q_has_no_special_characters(string escaped, string longUrl)
    {
        var found = await Links.CodeAsync(new { long_url = longUrl });
        await Links.CodeAsync(new { long_url = "https://example.org/plain" });

        Assert.Equal([found], (await PageAsync($"q={escaped}")).Codes);
        Assert.Empty((await PageAsync($"q={escaped}%5C{escaped}")).Codes);
    }

    [Fact]
    public async Task What_was_changed_or_deleted_shows_so_at_once()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/1", owner = "ann", tags = Tags("red") });
        var gone = await Links.CodeAsync(new { long_url = "https://example.org/2", owner = "ann", tags = Tags("red") });

        using (var edit = await Links.EditAsync(code, """{"owner":"bob","tags":["blue"],"disabled":true}"""))
            Assert.Equal(HttpStatusCode.OK, edit.StatusCode);
        using (var delete = await Links.DeleteAsync(gone))
            Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);

        Assert.Equal([code], (await PageAsync("")).Codes);
        Assert.Equal([code], (await PageAsync("owner=bob")).Codes);
        Assert.Equal([code], (await PageAsync("tag=blue")).Codes);
        Assert.Empty((await PageAsync("owner=ann")).Codes);
        Assert.Empty((await PageAsync("tag=red")).Codes);
    }

    [Fact]
    public async Task A_request_looks_at_a_bounded_number_of_links_and_says_where_to_go_on()
    {
        var found = await Links.CodeAsync(new { long_url = "https://example.org/needle" });
        Links.Time.Advance(TimeSpan.FromSeconds(1));
        var store = Links.Service<LinkStore>();
        var now = Links.Time.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(1, LinkListing.MaxScanned).Select(i => store.InsertAsync(
            new Link(1_000_000 + i, "", LinkOrigin.Counter, now.AddMilliseconds(i), 1, i % 2 == 0 ? LinkState.Live : LinkState.Deleted, new LinkContent("https://example.org/hay")),
            Cancellation)));

        var (nothing, cursor) = await PageAsync("q=needle");
        Assert.Empty(nothing);
        var (needle, end) = await PageAsync($"q=needle&cursor={cursor}");
        Assert.Equal([found], needle);
        Assert.Null(end);

        var (some, _) = await PageAsync("limit=1000");
        Assert.Equal(1000, some.Length);
    }

    [Fact]
    public async Task Links_are_listed_as_they_are_read()
    {
        var code = await Links.CodeAsync(new { long_url = "https://example.org/1", title = "One", owner = "ann", tags = Tags("red"), ttl = 60 });

        var listed = (await LinksClient.ReadAsync(await Links.ListAsync())).GetProperty("items")[0];
        var read = await Links.LinkAsync(code);

        Assert.Equal(read.GetRawText(), listed.GetRawText());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=!", "cursor")]
    [InlineData("cursor=WzFd", "cursor")]
    [InlineData("owner=%20ann", "owner")]
    [InlineData("owner=a%00b", "owner")]
    [InlineData("tag=red,blue", "tag")]
    [InlineData("tag=red&tag=blue", "tag")]
    public async Task What_cannot_be_listed_is_refused_with_the_parameter(string query, string member) => await AssertRefusedAsync(query, member);

    [Fact]
    public async Task Texts_that_are_too_long_are_refused_with_the_parameter()
    {
        await AssertRefusedAsync($"owner={new string('a', 129)}", "owner");
        await AssertRefusedAsync($"tag={new string('a', 65)}", "tag");
        await AssertRefusedAsync($"q={new string('a', 257)}", "q");
    }

    private static string[] Tags(params string[] tags) => tags;

    private async Task AssertRefusedAsync(string query, string member) =>
        await LinksClient.RefusedAsync(await Links.ListAsync(query), HttpStatusCode.BadRequest, "invalid-request", member);

    private async Task<(string[] Codes, string? Next)> PageAsync(string query)
    {
        using var response = await Links.ListAsync(query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await LinksClient.ReadAsync(response);
        var codes = page.GetProperty("items").EnumerateArray().Select(LinksClient.CodeOf).ToArray();
        return (codes, page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null);
    }
}
