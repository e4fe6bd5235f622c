using CsCheck;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>Whoever asks which copy when: over any interval no more is admitted than the limit's own bound and a batch less one a copy.</summary>
public sealed class OverAdmissionTests
{
    private const long Period = 300_000;
    private const long Permits = 12;

    public static TheoryData<LimitAlgorithm> Leased => LeaseTests.Leased;

    [Theory]
    [MemberData(nameof(Leased))]
    public void Over_any_interval_no_more_is_admitted_than_is_said(LimitAlgorithm algorithm)
    {
        Assert.True(Limit.TryCreate(algorithm, Permits, TimeSpan.FromMicroseconds(Period), null, out var limit, out _));
        var worst = 0L;
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 8], Step.Array[20, 150]).Sample(
            (copies, batch, steps) =>
            {
                var admitted = Run(limit, copies, batch, steps);
                worst = Math.Max(worst, Check(limit, admitted, copies * (batch - 1)));
            },
            iter: 400, threads: 1);

        // The bound is needed: the limit's own would not do.
        if (algorithm is LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra or LimitAlgorithm.SlidingLog)
            Assert.True(worst > 0);
    }

    // Often at the same time, often within a lease's life, sometimes after a rest.
    private static Gen<(int Copy, int Cost, int Pause)> Step => Gen.Select(
        Gen.Int[0, 2], Gen.Frequency((6, Gen.Const(1)), (1, Gen.Int[1, 4])),
        Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[1, 9_000]), (1, Gen.Int[9_000, 400_000])));

    private static List<(long At, long Cost)> Run(Limit limit, int copies, int batch, (int Copy, int Cost, int Pause)[] steps)
    {
        var time = new FakeTimeProvider();
        var store = new MemoryLimits(time);
        var near = Enumerable.Range(0, copies).Select(_ => new NearLimits(store, time)).ToArray();
        var (now, admitted) = (0L, new List<(long, long)>());
        foreach (var (copy, cost, pause) in steps)
        {
            time.Advance(TimeSpan.FromMicroseconds(pause));
            now += pause;
            if (near[copy % copies].TakeAsync(limit, cost, batch).Result.IsAllowed)
                admitted.Add((now, cost));
        }

        return admitted;
    }

    /// <summary>Checks every interval between two takes; says by how much the limit's own bound was exceeded at most.</summary>
    private static long Check(Limit limit, List<(long At, long Cost)> admitted, long ahead)
    {
        var worst = 0L;
        for (var first = 0; first < admitted.Count; first++)
        {
            var sum = 0L;
            for (var last = first; last < admitted.Count; last++)
            {
                sum += admitted[last].Cost;
                var over = sum - Bound(limit, admitted[last].At - admitted[first].At);
                Assert.InRange(over, long.MinValue, ahead);
                worst = Math.Max(worst, over);
            }
        }

        return worst;
    }

    // Of an interval whose ends belong to it, in whole permits.
    private static long Bound(Limit limit, long length) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra => limit.Burst + (length * limit.Permits / limit.Period),
        LimitAlgorithm.SlidingLog => limit.Permits * ((length / limit.Period) + 1),
        _ => limit.Permits * (((length + limit.Period - 1) / limit.Period) + 1),
    };
}
