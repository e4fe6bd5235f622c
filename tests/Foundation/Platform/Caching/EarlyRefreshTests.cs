using Groundwork.Platform.Caching;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>How values are refreshed ahead of their end.</summary>
public sealed class EarlyRefreshTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void A_reader_refreshes_with_the_chance_that_the_formula_gives(double lengthsBeforeEnd, double eagerness)
    {
        // P(−δβ·ln(u) ≥ end − now) = e^(−(end − now) / δβ)
        const int Readers = 200_000;
        const long Took = 1_000_000;
        var random = new Random(7);
        var end = (long)(lengthsBeforeEnd * Took);
        var refreshes = Enumerable.Range(0, Readers).Count(_ => EarlyRefresh.IsDue(0, end, Took, eagerness, random.NextDouble()));
        Assert.Equal(Math.Exp(-lengthsBeforeEnd / eagerness), refreshes / (double)Readers, 0.005);
    }

    [Fact]
    public void Where_it_is_not_possible_no_random_number_makes_it_due()
    {
        const long Took = 1_000;
        Assert.False(EarlyRefresh.IsPossible(0, 38 * Took, Took, 1));
        Assert.False(EarlyRefresh.IsDue(0, 38 * Took, Took, 1, Math.BitDecrement(1.0)));
        Assert.True(EarlyRefresh.IsPossible(0, 36 * Took, Took, 1));
        Assert.False(EarlyRefresh.IsDue(0, 1, Took, 0, Math.BitDecrement(1.0)));
    }

    [Fact]
    public async Task A_value_near_its_end_answers_and_is_refreshed_once_however_many_ask()
    {
        var shelf = new Shelf { Takes = TimeSpan.FromSeconds(1) };
        await shelf.GetAsync();
        shelf.Rows[1] = "changed";
        shelf.Time.Advance(Life - TimeSpan.FromSeconds(41)); // further than any random number reaches
        Assert.Equal("one", await shelf.GetAsync());
        Assert.Equal(1, shelf.Loads);

        shelf.Time.Advance(TimeSpan.FromSeconds(39.9));
        shelf.Takes = TimeSpan.Zero;
        shelf.Hold();
        var reads = new Task<string?>[1_000];
        Parallel.For(0, reads.Length, i => reads[i] = shelf.GetAsync());
        Assert.All(reads, read => Assert.True(read.IsCompletedSuccessfully));
        Assert.All(await Task.WhenAll(reads), value => Assert.Equal("one", value));
        Assert.Equal((2, 1), (shelf.Loads, shelf.Cache.Counts.Refreshes));

        shelf.Release();
        Assert.Equal("changed", await shelf.GetAsync());
        Assert.Equal(2, shelf.Loads);
    }

    [Fact]
    public async Task No_more_than_so_many_are_refreshed_at_once()
    {
        var shelf = new Shelf(Shelf.Exact with { Eagerness = 1_000 }) { Takes = TimeSpan.FromMilliseconds(100) };
        for (var key = 0L; key < 40; key++)
        {
            shelf.Rows[key] = "row";
            await shelf.GetAsync(key);
        }

        shelf.Takes = TimeSpan.Zero;
        shelf.Hold();
        for (var round = 0; round < 100; round++)
        {
            for (var key = 0L; key < 40; key++)
                await shelf.GetAsync(key);
        }

        Assert.Equal(40 + 16, shelf.Loads);
        shelf.Release();
    }

    [Fact]
    public async Task A_refresh_that_fails_is_not_tried_again_during_the_pause()
    {
        var shelf = new Shelf(Shelf.Exact with { Eagerness = 1_000 }) { Takes = TimeSpan.FromSeconds(1) };
        await shelf.GetAsync();
        (shelf.Takes, shelf.Failure) = (TimeSpan.Zero, new TimeoutException("No answer."));
        while (shelf.Loads < 2)
            Assert.Equal("one", await shelf.GetAsync());
        for (var i = 0; i < 100; i++)
            Assert.Equal("one", await shelf.GetAsync());
        Assert.Equal(2, shelf.Loads);

        shelf.Time.Advance(TimeSpan.FromSeconds(1));
        while (shelf.Loads < 3)
            Assert.Equal("one", await shelf.GetAsync());
    }

    [Fact]
    public async Task A_refresh_that_a_write_overtook_is_not_kept()
    {
        var shelf = new Shelf(Shelf.Exact with { Eagerness = 1_000 }) { Takes = TimeSpan.FromSeconds(1) };
        await shelf.GetAsync();
        shelf.Takes = TimeSpan.Zero;
        shelf.Hold();
        while (shelf.Loads < 2)
            Assert.Equal("one", await shelf.GetAsync());
        shelf.Rows[1] = "changed";
        await shelf.Cache.InvalidateAsync(1);
        shelf.Release();
        Assert.Equal("changed", await shelf.GetAsync());
        Assert.Equal(1, shelf.Cache.Counts.FillsRefused);
    }

    [Fact]
    public async Task Values_that_were_loaded_together_do_not_end_together()
    {
        const int Keys = 1_000;
        var shelf = new Shelf(new LoadingOptions { Eagerness = 0 });
        for (var key = 0L; key < Keys; key++)
        {
            shelf.Rows[key] = "row";
            await shelf.GetAsync(key);
        }

        foreach (var (at, least, most) in new[] { (0.9, 0, 0), (0.95, 420, 580), (1.0, 990, Keys) })
        {
            shelf.Time.Advance((at * Life) - (shelf.Time.GetUtcNow() - shelf.Time.Start));
            var ended = 0;
            for (var key = 0L; key < Keys; key++)
                ended += shelf.Cache.TryGetFresh(key, shelf.Time.GetUtcNow(), out _) ? 0 : 1;
            Assert.InRange(ended, least, most);
        }
    }
}
