using Groundwork.RateLimits.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Traffic;

/// <summary>What a replay has to go by.</summary>
public sealed class ArrivalRingTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly TrafficClock _clock;
    private readonly ArrivalRing _ring;
    private readonly List<Arrival> _all = [];

    public ArrivalRingTests()
    {
        _clock = new TrafficClock(_time);
        _ring = new ArrivalRing(_clock);
    }

    [Fact]
    public void Where_little_comes_all_of_it_is_there_as_it_came()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(random.Next(20_000)));
            Come((ulong)random.NextInt64(long.MinValue, long.MaxValue), random.Next(10));
        }

        var recorded = _ring.Read();
        Assert.Equal(_all, recorded.Arrivals);
        Assert.Equal(1, recorded.KeyShare);
        Assert.Equal(_clock.Microseconds, recorded.Until);
    }

    [Fact]
    public void What_is_older_than_ten_minutes_is_gone()
    {
        Come(1, 1);
        _time.Advance(ArrivalRing.Span / 2);
        Come(2, 1);
        _time.Advance(ArrivalRing.Span / 2);
        Assert.Equal([2ul], _ring.Read().Arrivals.Select(a => a.Key));
        Assert.Equal(_clock.Microseconds - ArrivalRing.Span.TotalMicroseconds, _ring.Read().Since);
        _time.Advance(TimeSpan.FromDays(3));
        _ring.Tick();
        Assert.Empty(_ring.Read().Arrivals);
        Come(3, 5);
        Assert.Equal(_all[^1], Assert.Single(_ring.Read().Arrivals));
    }

    [Theory]
    [InlineData(1_000, 100_000)]
    [InlineData(2_000, 500)]
    public void Where_much_comes_some_of_the_keys_are_there_each_with_all_that_it_asked(int perSecond, int keys)
    {
        Load(seconds: 900, perSecond, keys, new Random(2));

        var recorded = _ring.Read();
        Assert.InRange(recorded.Arrivals.Count, ArrivalRing.Capacity / 4, ArrivalRing.Capacity);
        Assert.Equal(ArrivalRing.Span.TotalMicroseconds, recorded.Until - recorded.Since);
        var there = recorded.Arrivals.Select(a => a.Key).ToHashSet();
        Assert.Equal(_all.Where(a => a.At > recorded.Since && there.Contains(a.Key)), recorded.Arrivals);

        // The part that is told is the part that is there.
        Assert.InRange(recorded.KeyShare, 0.01, 0.25);
        Assert.InRange(there.Count / (_all.Where(a => a.At > recorded.Since).Select(a => a.Key).Distinct().Count() * recorded.KeyShare), 0.6, 1.5);
    }

    [Fact]
    public void When_less_comes_more_of_the_keys_are_recorded_and_none_of_them_in_part()
    {
        var random = new Random(3);
        Load(seconds: 300, perSecond: 2_000, keys: 5_000, random);
        var before = _ring.Read().KeyShare;
        Load(seconds: 180, perSecond: 10, keys: 5_000, random);

        // Those that have come in by that were not there before; so they are not told of yet.
        var recorded = _ring.Read();
        Assert.InRange(recorded.KeyShare, before / 2, before);
        var there = recorded.Arrivals.Select(a => a.Key).ToHashSet();
        Assert.Equal(_all.Where(a => a.At > recorded.Since && there.Contains(a.Key)), recorded.Arrivals);

        Load(seconds: 660, perSecond: 10, keys: 5_000, random);
        recorded = _ring.Read();
        Assert.Equal(1, recorded.KeyShare);
        Assert.Equal(_all.Where(a => a.At > recorded.Since), recorded.Arrivals);
    }

    [Fact]
    public void Where_one_key_is_all_of_the_traffic_the_time_that_is_recorded_is_shorter_and_says_so()
    {
        for (var i = 0; i < 3 * ArrivalRing.Capacity; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Come(0x1234_5678, 1);
        }

        var recorded = _ring.Read();
        Assert.Equal(ArrivalRing.Capacity, recorded.Arrivals.Count);
        Assert.Equal(1, recorded.KeyShare);
        Assert.Equal(_all.Where(a => a.At >= recorded.Since), recorded.Arrivals);
    }

    [Fact]
    public void A_cost_that_no_limit_admits_stays_one()
    {
        Come(1, long.MaxValue);
        Assert.Equal(int.MaxValue, Assert.Single(_ring.Read().Arrivals).Cost);
    }

    private void Load(int seconds, int perSecond, int keys, Random random)
    {
        for (var i = 0; i < seconds * perSecond; i++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(1_000_000 / perSecond));
            Come(HashOf(random.Next(keys)), 1);
            if (i % perSecond == 0)
                _ring.Tick();
        }
    }

    private static ulong HashOf(int key) => Primitives.Hashing.WyHash.Hash(BitConverter.GetBytes(key), 7);

    private void Come(ulong key, long cost)
    {
        _ring.Add(key, cost);
        _all.Add(new Arrival(key, _clock.Microseconds, cost));
    }
}
