using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Tests.Traffic;

/// <summary>What charts of the last minutes are drawn from.</summary>
public sealed class OutcomeSeriesTests
{
    private readonly OutcomeSeries _series = new();

    [Fact]
    public void What_was_counted_between_two_seconds_belongs_to_the_later_one()
    {
        _series.Tell(1000, new(50, 5, 0, 0));
        _series.Tell(1001, new(53, 5, 0, 0));
        _series.Tell(1002, new(53, 6, 0, 7));
        Assert.Equal(
            [new OutcomeStep(1001, new(3, 0, 0, 0)), new OutcomeStep(1002, new(0, 1, 0, 7))],
            _series.Read(1));
        Assert.Equal((new OutcomeCounts(3, 1, 0, 7), 2), _series.Last(100));
        Assert.Equal((new OutcomeCounts(0, 1, 0, 7), 1), _series.Last(1));
    }

    [Fact]
    public void A_late_telling_spreads_what_it_brings_and_loses_nothing()
    {
        _series.Tell(1000, default);
        _series.Tell(1003, new(10, 2, 0, 0));
        Assert.Equal([3, 3, 4], _series.Read(1).Select(s => s.Counts.Allowed));
        Assert.Equal((new OutcomeCounts(10, 2, 0, 0), 3), _series.Last(100));
        _series.Tell(1003, new(11, 2, 0, 0));
        _series.Tell(1002, new(11, 2, 0, 0));
        Assert.Equal(3, _series.Read(1).Count);
    }

    [Fact]
    public void Steps_begin_at_multiples_of_their_length_and_those_that_have_not_ended_are_left_out()
    {
        _series.Tell(1003, default);
        for (var second = 1004; second <= 1018; second++)
            _series.Tell(second, new(second - 1003, 0, 0, 0));
        Assert.Equal([(1010, 5), (1015, 5)], _series.Read(5).Select(s => (s.End, s.Counts.Allowed)));
    }

    [Fact]
    public void What_is_older_than_ten_minutes_is_forgotten()
    {
        _series.Tell(1000, default);
        _series.Tell(1001, new(1_000_000, 0, 0, 0));
        for (var second = 1002; second <= 1000 + (2 * OutcomeSeries.Seconds); second++)
            _series.Tell(second, new(1_000_000 + second, 0, 0, 0));
        Assert.Equal(OutcomeSeries.Seconds, _series.Read(1).Count);
        Assert.All(_series.Read(1), step => Assert.Equal(1, step.Counts.Allowed));
        _series.Tell(100_000, new(2_000_000, 0, 0, 0));
        Assert.Equal(OutcomeSeries.Seconds, _series.Last(long.MaxValue).Seconds);
    }

    [Fact]
    public void Nothing_is_known_before_anything_was_told()
    {
        Assert.Empty(_series.Read(5));
        Assert.Equal((default, 0), _series.Last(5));
    }
}
