using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Codes;

/// <summary>One unique key covers codes of all sources and aliases alike.</summary>
public sealed class UniquenessTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private LinksDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await LinksDatabase.OpenAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_counter_passes_over_a_code_that_an_alias_took_before()
    {
        await using var copy = await StartAsync("counter");
        var alias = copy.Codes.Space.CodeOf(2, null);
        var chosen = await copy.NewAsync("https://example.org/chosen", alias);

        var numbers = new List<long>();
        for (var i = 0; i < 4; i++)
            numbers.Add((await copy.NewAsync("https://example.org/drawn")).Number);

        Assert.Equal([0, 1, 3, 4], numbers);
        Assert.Equal(LinkOrigin.Alias, chosen.Origin);
        Assert.Equal("https://example.org/chosen", (await copy.Shortener.FindAsync(alias, Cancellation))!.Content.LongUrl);
    }

    [Theory]
    [InlineData(0)] // its link is there
    [InlineData(999)] // leased, and perhaps handed out by another copy
    public async Task A_code_that_the_counter_may_have_handed_out_is_no_alias(long number)
    {
        await using var copy = await StartAsync("counter");
        await copy.NewAsync("https://example.org/first");

        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", copy.Codes.Space.CodeOf(number, null)));
        Assert.IsType<MakeResult.Made>(await copy.MakeAsync("https://example.org/", copy.Codes.Space.CodeOf(1000, null)));
    }

    [Fact]
    public async Task A_code_that_a_snowflake_may_have_is_no_alias_and_one_of_years_to_come_is_passed_over()
    {
        await using var copy = await StartAsync("snowflake");
        var drawn = await copy.NewAsync("https://example.org/");

        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", copy.Codes.Space.CodeOf(drawn.Number - 1, null)));

        // The very number that this copy will draw when that time has come.
        var year = (long)TimeSpan.FromDays(365).TotalMilliseconds;
        var future = copy.Codes.Space.CodeOf(drawn.Number + (year << 21), null);
        await copy.NewAsync("https://example.org/future", future);
        _time.Advance(TimeSpan.FromDays(365));
        Assert.NotEqual(future, (await copy.NewAsync("https://example.org/")).Code);
    }

    [Theory]
    [InlineData("spring-sale")]
    [InlineData("sale")]
    [InlineData("Sevench")]
    [InlineData("elevenchars")]
    public async Task An_alias_is_given_away_once_even_after_its_link_is_gone(string alias)
    {
        await using var copy = await StartAsync("counter");
        var link = await copy.NewAsync("https://example.org/", alias);
        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/other", alias));

        await copy.DeleteAsync(link);

        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", alias));
        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", alias, dedupe: true));
        Assert.Null(await copy.Shortener.FindAsync(alias, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_want_an_alias_at_the_same_time_one_gets_it()
    {
        await using var copy = await StartAsync("counter");
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => copy.MakeAsync($"https://example.org/{i}", "wanted")));

        Assert.Single(results.OfType<MakeResult.Made>());
        Assert.Equal(15, results.OfType<MakeResult.AliasTaken>().Count());
    }

    [Fact]
    public async Task A_dedupe_with_an_alias_finds_its_own_link_and_no_other()
    {
        await using var copy = await StartAsync("counter");
        await copy.NewAsync("https://example.org/", "mine", dedupe: true, owner: "a");

        Assert.Equal("mine", Assert.IsType<MakeResult.Existing>(await copy.MakeAsync("https://example.org/", "mine", dedupe: true, owner: "a")).Link.Code);
        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", "mine", dedupe: true, owner: "b"));
        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/2", "mine", dedupe: true, owner: "a"));
        Assert.IsType<MakeResult.AliasTaken>(await copy.MakeAsync("https://example.org/", "mine", owner: "a"));
    }

    [Fact]
    public async Task A_dedupe_finds_only_links_that_were_made_with_dedupe()
    {
        await using var copy = await StartAsync("counter");
        var plain = await copy.NewAsync("https://example.org/");
        var once = await copy.NewAsync("https://example.org/", dedupe: true);

        Assert.NotEqual(plain.Code, once.Code);
        Assert.Equal(once.Code, Assert.IsType<MakeResult.Existing>(await copy.MakeAsync("https://example.org/", dedupe: true)).Link.Code);
        Assert.IsType<MakeResult.Made>(await copy.MakeAsync("https://example.org/"));
    }

    [Fact]
    public async Task When_the_source_of_codes_is_changed_old_links_stay_and_new_ones_draw_past_them()
    {
        var links = new List<Link>();
        foreach (var strategy in (string[])["counter", "hash", "snowflake", "counter", "hash", "snowflake"])
        {
            await using var copy = await StartAsync(strategy);
            for (var i = 0; i < 20; i++)
                links.Add(await copy.NewAsync($"https://example.org/{links.Count}"));
            foreach (var link in links)
                Assert.Equal(link.Content.LongUrl, (await copy.Shortener.FindAsync(link.Code, Cancellation))!.Content.LongUrl);
        }

        Assert.Equal(120, links.Select(l => l.Code).Distinct().Count());
    }

    [Fact]
    public async Task The_counter_passes_over_what_a_hash_took_before_even_where_that_was_deleted()
    {
        await using var hash = await StartAsync("hash");
        var taken = await hash.NewAsync("https://example.org/hashed");
        await hash.CodeStore.LeaseNumbersAsync("links", taken.Number - 1, Cancellation);
        await hash.DeleteAsync(taken);

        await using var counter = await StartAsync("counter");
        var drawn = new[] { await counter.NewAsync("https://example.org/1"), await counter.NewAsync("https://example.org/2") };

        Assert.Equal([taken.Number - 1, taken.Number + 1], drawn.Select(l => l.Number));
    }

    [Fact]
    public async Task A_drawn_code_with_an_offending_word_is_passed_over()
    {
        await using var copy = await StartAsync("counter");
        var offending = 0L;
        while (CodeSpace.IsPresentable(copy.Codes.Space.CodeOf(offending, null)))
            offending++;
        await copy.CodeStore.LeaseNumbersAsync("links", offending, Cancellation);

        var link = await copy.NewAsync("https://example.org/");

        Assert.True(link.Number > offending);
        Assert.Null(await copy.Store.FindAsync(offending, Cancellation));
    }

    private Task<LinksCopy> StartAsync(string codes) => LinksCopy.StartAsync(_database.Port, _time, settings: ("Links:Codes", codes));
}
