using Groundwork.Cache.Benchmarks.Ratios;
using Groundwork.Cache.Popularity;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Tests.Popularity;

/// <summary>What caches of other sizes would miss, beside caches of those sizes.</summary>
public sealed class MissRatioTests
{
    private const int Fit = 20_000;

    [Theory]
    [InlineData("zipf-0.7")]
    [InlineData("zipf-0.9")]
    [InlineData("zipf-1.0")]
    [InlineData("zipf-1.2")]
    [InlineData("scans")]
    [InlineData("loop")]
    public void Where_who_was_not_used_for_the_longest_time_leaves_the_estimate_is_within_two_points_of_a_replay(string name)
    {
        var requests = Trace.All.Single(t => t.Name == name).Requests(Fit).ToArray();
        var curve = Watch(requests);
        Assert.InRange(curve.Samples, 8192, long.MaxValue);
        Assert.Equal("lru", curve.Policy);
        foreach (var point in curve.Points.Where(p => p.Times >= 0.5))
        {
            var exact = MissRatioOfLru(requests, (int)(point.Times * Fit));
            Assert.True(Math.Abs(point.Ratio - exact) <= 0.02, $"{point.Times} times: {point.Ratio:F4} and not {exact:F4}");
        }
    }

    [Fact]
    public void Where_nothing_was_used_everything_would_miss()
    {
        var sample = new KeySample(new UseTicks(), 1 << 20, () => 0, _ => { }, new Random(1));
        Assert.All(sample.Curve().Points, point => Assert.Equal(1, point.Ratio));
        sample.Follow(leastUseful: true);
        Assert.All(sample.Curve().Points, point => Assert.Equal(1, point.Ratio));
    }

    [Fact]
    public void Its_memory_is_taken_with_the_first_use_and_is_what_was_said()
    {
        var taken = 0L;
        var (ticks, sample) = (new UseTicks(), default(KeySample)!);
        sample = new KeySample(ticks, 1 << 20, () => 1000, bytes => taken += bytes, new Random(1));
        sample.Follow(leastUseful: true);
        Assert.Equal(0, taken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        sample.Use(0, 64);
        Assert.InRange(taken, 1 << 19, 1 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, taken * 0.8, taken * 1.3);

        var all = taken;
        sample.Follow(leastUseful: false);
        Assert.InRange(taken, all / 2, all * 2 / 3);
    }

    [Fact]
    public void What_begins_without_miniatures_counts_no_memory_of_theirs()
    {
        var (without, with) = (0L, 0L);
        new KeySample(new UseTicks(), 1 << 20, () => 1000, bytes => without += bytes, new Random(1)).Use(0, 64);
        var sample = new KeySample(new UseTicks(), 1 << 20, () => 1000, bytes => with += bytes, new Random(1));
        sample.Follow(leastUseful: true);
        sample.Use(0, 64);
        sample.Follow(leastUseful: false);

        Assert.NotEqual(0, without);
        Assert.Equal(with, without);
    }

    private static MissRatioCurve Watch(int[] requests)
    {
        var ticks = new UseTicks();
        ticks.Fit(Fit * 512L);
        var sample = new KeySample(ticks, 8 << 20, () => Fit, _ => { }, new Random(1));
        foreach (var key in requests)
        {
            ticks.Add(1);
            var hash = WyHash.Hash(BitConverter.GetBytes(key), 5);
            if (sample.Watches(hash))
                sample.Use(hash, 512);
        }

        return sample.Curve();
    }

    // Of the second half of the trace, which the estimate is about: it forgets.
    private static double MissRatioOfLru(int[] requests, int capacity)
    {
        var (queue, misses) = (new KeyQueue(), 0);
        for (var i = 0; i < requests.Length; i++)
        {
            if (!queue.Remove(requests[i]))
            {
                misses += i >= requests.Length / 2 ? 1 : 0;
                if (queue.Count == capacity)
                    queue.Take();
            }

            queue.Add(requests[i]);
        }

        return misses / (double)(requests.Length - (requests.Length / 2));
    }
}
