using System.Text;
using Groundwork.Primitives.Hashing;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Primitives.Tests.Sketches;

public sealed class HeavyHittersTests
{
    private long _now = 1_000_000;

    [Fact]
    public void The_hottest_are_found_with_their_rates_and_shares_under_a_load_that_is_sampled()
    {
        var hot = new HeavyHitters(new Random(1));
        Read(hot, seconds: 20, perSecond: 50_000, first: 0);
        Assert.InRange(hot.Interval, 8, 128);
        var report = hot.Report(10, _now);
        Assert.InRange(report.PerSecond, 45_000, 55_000);
        Assert.Equal(["0", "1", "2", "3"], report.Keys.Take(4).Select(k => Encoding.ASCII.GetString(k.Name.Span)));

        // By Zipf's law with exponent 1 over 100,000 the first has a share of 1 / 12.1.
        Assert.InRange(report.Keys[0].Share, 0.07, 0.095);
        Assert.InRange(report.Keys[0].PerSecond, 3_400, 4_900);
        Assert.All(report.Keys, key => Assert.InRange(key.Error, 0, 1.0 / HeavyHitters.DefaultCapacity));
    }

    [Fact]
    public void While_the_same_keys_are_hot_they_are_still_hot()
    {
        var hot = new HeavyHitters(new Random(2));
        Read(hot, seconds: 30, perSecond: 20_000, first: 0);
        Assert.InRange(hot.Report(10, _now).StillHot!.Value, 0.8, 1);
    }

    [Fact]
    public void When_others_become_hot_few_are_still_hot_and_half_a_minute_later_the_old_are_gone()
    {
        var hot = new HeavyHitters(new Random(3));
        Read(hot, seconds: 30, perSecond: 5_000, first: 0);
        Read(hot, seconds: 6, perSecond: 5_000, first: 50_000);
        Assert.InRange(hot.Report(10, _now).StillHot!.Value, 0, 0.05);
        Read(hot, seconds: 30, perSecond: 20_000, first: 50_000);
        Assert.All(hot.Report(5, _now).Keys, key => Assert.StartsWith("500", Encoding.ASCII.GetString(key.Name.Span), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.75)]
    public void Which_part_of_the_hot_keys_is_still_hot_is_told_as_it_is(double part)
    {
        // 20 keys with a fortieth of all reads each; after the shift as many, of which a part are the same.
        const int Hot = 20;
        var (hot, random) = (new HeavyHitters(new Random(6)), new Random(7));
        ReadHot(0, seconds: 30);
        Assert.Equal(1, hot.Report(10, _now).StillHot);

        ReadHot((int)(Hot * (1 - part)), seconds: 6);
        Assert.Equal(part, hot.Report(10, _now).StillHot);
        ReadHot((int)(Hot * (1 - part)), seconds: 5);
        Assert.Equal(1, hot.Report(10, _now).StillHot);

        void ReadHot(int first, int seconds)
        {
            for (var i = 0; i < seconds * 10_000; i++)
            {
                Add(hot, random.Next(2) == 0 ? first + random.Next(Hot) : 1000 + random.Next(100_000));
                if (i % 10 == 0)
                    _now++;
            }
        }
    }

    [Fact]
    public void Where_all_are_read_alike_none_is_hot()
    {
        var hot = new HeavyHitters(new Random(4));
        for (var i = 0; i < 100_000; i++)
            Add(hot, i % 5_000);
        var report = hot.Report(10, _now);
        Assert.Empty(report.Keys);
        Assert.Null(report.StillHot);
    }

    [Fact]
    public void What_nobody_reads_any_more_is_not_hot()
    {
        var hot = new HeavyHitters(new Random(5));
        Read(hot, seconds: 10, perSecond: 1_000, first: 0);
        var report = hot.Report(10, _now + 120_000);
        Assert.Empty(report.Keys);
        Assert.Equal(0, report.PerSecond);
    }

    private void Read(HeavyHitters hot, int seconds, int perSecond, int first)
    {
        var (random, zipf) = (new Random(seconds), new ZipfDistribution(100_000));
        var until = hot.Draw();
        for (var i = 0; i < seconds * perSecond; i++)
        {
            var key = first + (int)zipf.Next(random) - 1;
            if (--until == 0)
            {
                Add(hot, key);
                until = hot.Draw();
            }

            if (i % (perSecond / 1000) == 0)
                _now++;
        }
    }

    private void Add(HeavyHitters hot, int key)
    {
        var name = Encoding.ASCII.GetBytes($"{key}");
        hot.Add(WyHash.Hash(name, 0), 0, name, _now);
    }
}
