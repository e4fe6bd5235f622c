using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Codes;

public sealed class SnowflakeCodesTests
{
    private static readonly LinkContent Content = new("https://example.org/");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_beyond_what_a_millisecond_holds_borrows_from_those_to_come()
    {
        var source = new SnowflakeCodes(_time, new Random(1));
        var numbers = await DrawAsync(source, 10_000);

        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(10_000, numbers.Distinct().Count());

        // Five milliseconds' worth; once the clock has passed them nothing is borrowed any more.
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(await source.DrawAsync(Content, 0, Cancellation) > numbers[^1]);
    }

    [Fact]
    public async Task Numbers_only_grow_where_the_clock_steps_back()
    {
        var source = new SnowflakeCodes(_time, new Random(1));
        var before = await DrawAsync(source, 10);
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(3));

        var after = await DrawAsync(source, 5_000);

        Assert.True(after[0] > before[^1]);
        Assert.Equal(after.Order(), after);
        Assert.Equal(5_000, after.Distinct().Count());
    }

    [Fact]
    public async Task Many_threads_get_different_numbers()
    {
        var source = new SnowflakeCodes(_time, new Random(1));
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DrawAsync(source, 1000), Cancellation)));

        Assert.Equal(8000, numbers.SelectMany(n => n).Distinct().Count());
    }

    [Fact]
    public async Task A_clock_before_the_epoch_does_not_stop_it()
    {
        var source = new SnowflakeCodes(new FakeTimeProvider(DateTimeOffset.UnixEpoch), new Random(1));
        var numbers = await DrawAsync(source, 3000);

        Assert.All(numbers, n => Assert.True(n >= CodeSpace.ShortCodes));
        Assert.Equal(3000, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Whatever_it_handed_out_may_have_been_handed_out_and_what_lies_far_ahead_not()
    {
        var source = new SnowflakeCodes(_time, new Random(1));
        var numbers = await DrawAsync(source, 5000);

        Assert.True(await source.MayHaveHandedOutAsync(numbers[^1], Cancellation));
        Assert.False(await source.MayHaveHandedOutAsync(0, Cancellation));
        Assert.False(await source.MayHaveHandedOutAsync(numbers[^1] + (TimeSpan.TicksPerDay / TimeSpan.TicksPerMillisecond << 21), Cancellation));
    }

    [Fact]
    public async Task Two_copies_that_drew_the_same_node_meet_at_the_unique_key_and_both_get_codes()
    {
        await using var database = await LinksDatabase.OpenAsync();
        await using var one = await LinksCopy.StartAsync(database.Port, _time, new Random(7), ("Links:Codes", "snowflake"));
        await using var other = await LinksCopy.StartAsync(database.Port, _time, new Random(7), ("Links:Codes", "snowflake"));

        // They would draw the same numbers, if nobody looked.
        var links = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : other).NewAsync($"https://example.org/{i}")));

        Assert.Equal(40, links.Select(l => l.Code).Distinct().Count());
        Assert.All(links, l => Assert.Equal((CodeSpace.LongLength, LinkOrigin.Snowflake), (l.Code.Length, l.Origin)));
        foreach (var link in links)
            Assert.Equal(link.Content.LongUrl, (await other.Shortener.FindAsync(link.Code, Cancellation))!.Content.LongUrl);
    }

    private static async Task<List<long>> DrawAsync(SnowflakeCodes source, int count)
    {
        var numbers = new List<long>(count);
        for (var i = 0; i < count; i++)
            numbers.Add(await source.DrawAsync(Content, 0, Cancellation));
        return numbers;
    }
}
