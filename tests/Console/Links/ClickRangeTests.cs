using Groundwork.Console.Pages.Links;

namespace Groundwork.Console.Tests.Links;

public sealed class ClickRangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 14, 5, 9, TimeSpan.Zero);

    [Theory]
    [InlineData("", "?range=7d&interval=day")]
    [InlineData("?range=24h", "?range=24h&interval=hour")]
    [InlineData("?range=30d&interval=hour", "?range=30d&interval=hour")]
    [InlineData("?range=ever&interval=second", "?range=7d&interval=day")]
    [InlineData("?from=2026-11-01&to=2026-11-24&range=24h", "?from=2026-11-01&to=2026-11-24&interval=day")]
    [InlineData("?from=2026-01-01&to=2026-11-24&interval=hour", "?from=2026-01-01&to=2026-11-24&interval=day")]
    public void Each_address_names_a_time_and_reads_back_as_the_same(string query, string canonical)
    {
        var range = ClickRange.Read(query);

        Assert.Equal(canonical, range.Query);
        Assert.Equal(range, ClickRange.Read(range.Query));
        Assert.Null(range.Fault);
    }

    [Theory]
    [InlineData("?from=2026-11-24&to=2026-11-23", "from")]
    [InlineData("?from=2020-01-01&to=2026-11-23", "from")]
    [InlineData("?from=yesterday&to=2026-11-23", "from")]
    [InlineData("?from=2026-11-23", "to")]
    [InlineData("?to=2026-11-23", "from")]
    public void What_is_wrong_with_days_is_told_at_their_field(string query, string field) =>
        Assert.Equal(field, ClickRange.Read(query).Fault?.Field);

    [Fact]
    public void The_last_hours_end_with_the_one_that_goes_on() =>
        Assert.Equal(["2026-11-23T15:00:00Z", "hour"], ClickRange.OfLast("24h").ToApi(Now).Select(p => p.Value));

    [Fact]
    public void The_last_day_that_was_chosen_is_in_it() =>
        Assert.Equal(["2026-11-01", "2026-11-25", "day", "browser"], ClickRange.Read("?from=2026-11-01&to=2026-11-24").ToApi(Now, "browser").Select(p => p.Value));

    [Theory]
    [InlineData("spring?range=7d&interval=day", true)]
    [InlineData("a-b_C?from=2026-11-01&to=2026-11-24&interval=hour", true)]
    [InlineData("spring?interval=day&range=7d", false)]
    [InlineData("spring?range=7d&interval=day&x=1", false)]
    [InlineData("spring", false)]
    [InlineData("?range=7d&interval=day", false)]
    [InlineData("a/b?range=7d&interval=day", false)]
    [InlineData("spring?from=2026-11-24&to=2026-11-01&interval=day", false)]
    public void Only_what_pages_ask_for_is_a_live_region(string argument, bool taken) =>
        Assert.Equal(taken, ClickRegion.Takes(argument));
}
