using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Codes;

public sealed class HashCodesTests : IAsyncLifetime
{
    private const string Url = "https://example.org/a";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private LinksDatabase _database = null!;
    private LinksCopy _copy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await LinksDatabase.OpenAsync();
        _copy = await LinksCopy.StartAsync(_database.Port, _time, settings: ("Links:Codes", "hash"));
    }

    public async ValueTask DisposeAsync()
    {
        await _copy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_same_address_finds_its_link_again()
    {
        var link = await _copy.NewAsync(Url);
        var again = Assert.IsType<MakeResult.Existing>(await _copy.MakeAsync(Url));

        Assert.Equal((link.Number, link.Code), (again.Link.Number, again.Link.Code));
        Assert.Equal((CodeSpace.ShortLength, LinkOrigin.Hash), (link.Code.Length, link.Origin));
        Assert.NotEqual(link.Code, (await _copy.NewAsync(Url + "b")).Code);
    }

    [Fact]
    public async Task Two_owners_have_links_of_their_own_to_the_same_address()
    {
        var codes = new[]
        {
            (await _copy.NewAsync(Url)).Code, (await _copy.NewAsync(Url, owner: "a")).Code, (await _copy.NewAsync(Url, owner: "b")).Code,
        };

        Assert.Equal(3, codes.Distinct().Count());
        Assert.Equal(codes[1], Assert.IsType<MakeResult.Existing>(await _copy.MakeAsync(Url, owner: "a")).Link.Code);
    }

    [Fact]
    public async Task Of_many_at_the_same_time_one_makes_the_link_and_all_get_it()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => _copy.MakeAsync(Url)));

        var made = Assert.Single(results.OfType<MakeResult.Made>());
        Assert.All(results.OfType<MakeResult.Existing>(), e => Assert.Equal(made.Link.Code, e.Link.Code));
        Assert.Equal(31, results.OfType<MakeResult.Existing>().Count());
    }

    [Fact]
    public async Task Where_another_link_has_the_number_the_next_salt_gives_another_and_is_found_again()
    {
        var taken = await NumberAsync(Url, attempt: 0);
        Assert.True(await _copy.Store.InsertAsync(Occupant(taken), Cancellation));

        var link = await _copy.NewAsync(Url);

        Assert.Equal(await NumberAsync(Url, attempt: 1), link.Number);
        Assert.Equal(link.Code, Assert.IsType<MakeResult.Existing>(await _copy.MakeAsync(Url)).Link.Code);
        Assert.Equal("https://example.org/occupant", (await _copy.Store.FindAsync(taken, Cancellation))!.Content.LongUrl);
    }

    [Fact]
    public async Task A_link_that_ended_is_not_found_again_and_its_code_not_reused()
    {
        var first = await _copy.NewAsync(Url);
        await _copy.DeleteAsync(first);

        var second = await _copy.NewAsync(Url);

        Assert.NotEqual(first.Code, second.Code);
        Assert.Null(await _copy.Shortener.FindAsync(first.Code, Cancellation));
    }

    [Fact]
    public async Task An_address_whose_links_are_deleted_over_and_over_still_gets_one()
    {
        var codes = new HashSet<string>();
        for (var i = 0; i < 80; i++)
        {
            var link = await _copy.NewAsync(Url);
            Assert.True(codes.Add(link.Code));
            await _copy.DeleteAsync(link);
        }
    }

    [Fact]
    public async Task A_code_that_the_counter_may_have_handed_out_is_never_given_away_again()
    {
        // The counter has come beyond the hash's number, whose link is long gone, row and all.
        var gone = await NumberAsync(Url, attempt: 0);
        await _copy.CodeStore.LeaseNumbersAsync("links", gone + 1, Cancellation);

        Assert.NotEqual(gone, (await _copy.NewAsync(Url)).Number);
    }

    [Fact]
    public async Task A_link_that_the_counter_has_come_past_is_found_all_the_same()
    {
        var link = await _copy.NewAsync(Url);
        await _copy.CodeStore.LeaseNumbersAsync("links", link.Number + 1, Cancellation);

        Assert.Equal(link.Code, Assert.IsType<MakeResult.Existing>(await _copy.MakeAsync(Url)).Link.Code);
    }

    [Fact]
    public async Task Another_database_has_other_codes_for_the_same_address()
    {
        await using var elsewhere = await LinksDatabase.OpenAsync(keys: 2);
        await using var other = await LinksCopy.StartAsync(elsewhere.Port, _time, settings: ("Links:Codes", "hash"));

        Assert.NotEqual((await _copy.NewAsync(Url)).Number, (await other.NewAsync(Url)).Number);
    }

    private ValueTask<long> NumberAsync(string url, int attempt) => _copy.Codes.Hash.DrawAsync(new LinkContent(url), attempt, Cancellation);

    private Link Occupant(long number) => new(
        number, _copy.Codes.Space.CodeOf(number, null), LinkOrigin.Counter, _time.GetUtcNow(), 1, LinkState.Live, new LinkContent("https://example.org/occupant"));
}
