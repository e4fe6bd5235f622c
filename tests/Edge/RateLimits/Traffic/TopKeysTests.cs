using System.Text;
using Groundwork.Primitives;
using Groundwork.Primitives.Hashing;
using Groundwork.RateLimits.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Traffic;

/// <summary>Who asks most.</summary>
public sealed class TopKeysTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly TopKeys _keys;

    public TopKeysTests() => _keys = new TopKeys(new TrafficClock(_time), new Random(1));

    [Fact]
    public void Of_few_those_with_more_than_a_hundredth_are_counted_exactly()
    {
        for (var i = 1; i <= 20; i++)
        {
            for (var j = 0; j < i; j++)
                Add(i);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        var report = _keys.Report(20);
        Assert.Equal(Enumerable.Range(2, 19).Reverse().Select(i => $"{i}"), report.Keys.Select(Name));
        Assert.Equal(Enumerable.Range(2, 19).Reverse().Select(i => i / 10.0), report.Keys.Select(k => k.PerSecond));
        Assert.All(report.Keys, key => Assert.Equal(0, key.Error));
        Assert.Equal(21, report.PerSecond);
    }

    [Fact]
    public void Of_many_the_first_are_those_that_really_come_most_and_their_shares_are_theirs()
    {
        var (random, zipf, exact) = (new Random(2), new ZipfDistribution(100_000), new int[100_001]);
        const int Takes = 1_000_000;
        for (var i = 0; i < Takes; i++)
        {
            var key = (int)zipf.Next(random);
            exact[key]++;
            Add(key);
            if (i % 10_000 == 0)
                _time.Advance(TimeSpan.FromSeconds(1));
        }

        var report = _keys.Report(5);
        Assert.Equal(["1", "2", "3"], report.Keys.Take(3).Select(Name));
        Assert.All(report.Keys.Take(3), key =>
        {
            var share = exact[int.Parse(Name(key), System.Globalization.CultureInfo.InvariantCulture)] / (double)Takes;
            Assert.InRange(key.Share, share * 0.85, (share * 1.15) + key.Error);
        });
        Assert.InRange(report.PerSecond, 9_000, 11_000);
    }

    [Fact]
    public void Who_came_yesterday_is_not_shown_today()
    {
        for (var i = 0; i < 5_000; i++)
            Add(1);
        _time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 50; i++)
            Add(2);
        Assert.Equal("2", Name(_keys.Report(1).Keys[0]));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(_keys.Report(20).Keys);
    }

    private static string Name(Primitives.Sketches.HeavyHitter key) => Encoding.ASCII.GetString(key.Name.Span);

    private void Add(int key)
    {
        var name = Encoding.ASCII.GetBytes($"{key}");
        _keys.Add(WyHash.Hash(name, 0), name);
    }
}
