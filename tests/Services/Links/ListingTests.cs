using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Tests;

public sealed class SqliteListingTests() : ListingContract(new LinksHome());

public sealed class PostgresListingTests(PostgresServer postgres) : ListingContract(new LinksHome(postgres));

/// <summary>What a listing promises on every engine.</summary>
public abstract class ListingContract(LinksHome home) : IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await home.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await home.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Pages_show_every_link_once_and_the_newest_first()
    {
        var made = new List<string>();
        for (var i = 0; i < 23; i++)
        {
            made.Add(await CreateAsync(new { long_url = $"https://example.org/{i}" }));
            if (i % 5 == 4)
                home.Time.Advance(TimeSpan.FromMilliseconds(1)); // so that several share a millisecond
        }

        var pages = new List<string[]>();
        for (var query = "limit=5"; ;)
        {
            var (codes, cursor) = await ListAsync(query);
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
            await CreateAsync(new { long_url = $"https://example.org/{i}" });
        var (all, _) = await ListAsync("");
        var (first, cursor) = await ListAsync("limit=2");
        home.Time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(new { long_url = "https://example.org/late" });

        var (second, end) = await ListAsync($"limit=2&cursor={cursor}");

        Assert.Equal(all, first.Concat(second));
        Assert.Null(end);
    }

    [Fact]
    public async Task Owner_and_tag_match_exactly_and_narrow_together()
    {
        var both = await CreateAsync(new { long_url = "https://example.org/1", owner = "ann", tags = Tags("red", "blue") });
        var owned = await CreateAsync(new { long_url = "https://example.org/2", owner = "ann" });
        var tagged = await CreateAsync(new { long_url = "https://example.org/3", owner = "Ann", tags = Tags("red") });
        await CreateAsync(new { long_url = "https://example.org/4", owner = "anna", tags = Tags("reddish") });

        Assert.Equivalent(new[] { both, owned }, (await ListAsync("owner=ann")).Codes, strict: true);
        Assert.Equivalent(new[] { both, tagged }, (await ListAsync("tag=red")).Codes, strict: true);
        Assert.Equal([both], (await ListAsync("owner=ann&tag=red")).Codes);
        Assert.Equal([both], (await ListAsync("owner=ann&tag=red&q=%2F1")).Codes);
        Assert.Empty((await ListAsync("owner=ann&tag=green")).Codes);
    }

    [Fact]
    public async Task Pages_of_an_owner_and_of_a_tag_go_on_where_they_ended()
    {
        for (var i = 0; i < 6; i++)
            await CreateAsync(new { long_url = $"https://example.org/{i}", owner = i % 2 == 0 ? "even" : "odd", tags = Tags(i % 2 == 0 ? "t" : "u") });

        foreach (var query in new[] { "owner=even", "tag=t", "owner=even&tag=t" })
        {
            var (all, _) = await ListAsync(query);
            var (first, cursor) = await ListAsync($"{query}&limit=2");
            var (second, end) = await ListAsync($"{query}&limit=2&cursor={cursor}");
            Assert.Equal(3, all.Length);
            Assert.Equal(all, first.Concat(second));
            Assert.Null(end);
        }
    }

    [Fact]
    public async Task Q_finds_part_of_the_address_the_title_and_the_code_in_whatever_case()
    {
        var address = await CreateAsync(new { long_url = "https://example.org/Quarterly-Report" });
        var title = await CreateAsync(new { long_url = "https://example.org/1", title = "ÜBER quarterly figures" });
        var alias = await CreateAsync(new { long_url = "https://example.org/2", custom_alias = "my-QUARTERLY" });
        var other = await CreateAsync(new { long_url = "https://example.org/3" });

        Assert.Equivalent(new[] { address, title, alias }, (await ListAsync("q=quarterly")).Codes, strict: true);
        Assert.Equal([title], (await ListAsync("q=%C3%BCber")).Codes);
        Assert.Equal([other], (await ListAsync($"q={other.ToUpperInvariant()}")).Codes);
    }

    [Theory]
    [InlineData("%25", "https://example.org/100%25")]
    [InlineData("_", "https://example.org/a_b")]
    [InlineData("*", "https://example.org/a*b")]
    [InlineData("'", "https://example.org/it's")]
    public async Task Q_has_no_special_characters(string escaped, string longUrl)
    {
        var found = await CreateAsync(new { long_url = longUrl });
        await CreateAsync(new { long_url = "https://example.org/plain" });

        Assert.Equal([found], (await ListAsync($"q={escaped}")).Codes);
        Assert.Empty((await ListAsync($"q={escaped}%5C{escaped}")).Codes);
    }

    [Fact]
    public async Task What_was_changed_or_deleted_shows_so_at_once()
    {
        var code = await CreateAsync(new { long_url = "https://example.org/1", owner = "ann", tags = Tags("red") });
        var gone = await CreateAsync(new { long_url = "https://example.org/2", owner = "ann", tags = Tags("red") });

        using (var edit = await home.Client.PatchAsJsonAsync(Address($"/v1/urls/{code}"), new { owner = "bob", tags = Tags("blue"), disabled = true }, Cancellation))
            Assert.Equal(HttpStatusCode.OK, edit.StatusCode);
        using (var delete = await home.Client.DeleteAsync(Address($"/v1/urls/{gone}"), Cancellation))
            Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);

        Assert.Equal([code], (await ListAsync("")).Codes);
        Assert.Equal([code], (await ListAsync("owner=bob")).Codes);
        Assert.Equal([code], (await ListAsync("tag=blue")).Codes);
        Assert.Empty((await ListAsync("owner=ann")).Codes);
        Assert.Empty((await ListAsync("tag=red")).Codes);
    }

    [Fact]
    public async Task A_request_looks_at_a_bounded_number_of_links_and_says_where_to_go_on()
    {
        var found = await CreateAsync(new { long_url = "https://example.org/needle" });
        home.Time.Advance(TimeSpan.FromSeconds(1));
        var store = home.Running.Instance.Services.GetRequiredService<LinkStore>();
        var now = home.Time.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(1, LinkListing.MaxScanned).Select(i => store.InsertAsync(
            new Link(1_000_000 + i, "", LinkOrigin.Counter, now.AddMilliseconds(i), 1, i % 2 == 0 ? LinkState.Live : LinkState.Deleted, new LinkContent("https://example.org/hay")),
            Cancellation)));

        var (nothing, cursor) = await ListAsync("q=needle");
        Assert.Empty(nothing);
        var (needle, end) = await ListAsync($"q=needle&cursor={cursor}");
        Assert.Equal([found], needle);
        Assert.Null(end);

        var (some, _) = await ListAsync("limit=1000");
        Assert.Equal(1000, some.Length);
    }

    [Fact]
    public async Task Links_are_listed_as_they_are_read()
    {
        var code = await CreateAsync(new { long_url = "https://example.org/1", title = "One", owner = "ann", tags = Tags("red"), ttl = 60 });

        var listed = (await home.Client.GetFromJsonAsync<JsonElement>(Address("/v1/urls"), Cancellation)).GetProperty("items")[0];
        var read = await home.Client.GetFromJsonAsync<JsonElement>(Address($"/v1/urls/{code}"), Cancellation);

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

    private static Uri Address(string path) => new(path, UriKind.Relative);

    private async Task AssertRefusedAsync(string query, string member)
    {
        using var response = await home.Client.GetAsync(Address($"/v1/urls?{query}"), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(member, problem.GetProperty("member").GetString());
    }

    private async Task<string> CreateAsync(object body)
    {
        using var response = await home.Client.PostAsJsonAsync(Address("/v1/urls"), body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }

    private async Task<(string[] Codes, string? Next)> ListAsync(string query)
    {
        using var response = await home.Client.GetAsync(Address($"/v1/urls?{query}"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var codes = page.GetProperty("items").EnumerateArray().Select(link => link.GetProperty("code").GetString()!).ToArray();
        return (codes, page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null);
    }
}
