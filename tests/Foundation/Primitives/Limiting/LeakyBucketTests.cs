using System.Numerics;
using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

public sealed class LeakyBucketTests
{
    [Fact]
    public void Who_is_admitted_starts_when_its_turn_comes_to_the_microsecond() =>
        LimitHistories.Of(LimitAlgorithm.LeakyBucket).Sample(history =>
        {
            var (limit, key, now, admitted) = (history.Limit, new LimitedKey(history.Limit), history.Origin, new List<(long, long)>());
            foreach (var (gap, cost) in history.Attempts)
            {
                now += gap;
                var decision = key.Take(now, cost);
                if (!decision.IsAllowed || cost == 0)
                    continue;
                var mine = LimitOracles.Starts(limit, admitted, now, cost)[^(int)cost];
                var (whole, rest) = BigInteger.DivRem(mine - ((BigInteger)now * limit.Permits), limit.Permits);
                Assert.Equal((long)(rest > 0 ? whole + 1 : whole), decision.Delay);
                admitted.Add((now, cost));
            }
        });

    [Fact]
    public void Starts_lie_an_interval_apart()
    {
        var key = new LimitedKey(Limit.LeakyBucket(3, TimeSpan.FromSeconds(1), queue: 4));

        // A third of a second each, rounded up to a microsecond but never summed from rounded ones.
        Assert.Equal([0, 333_334, 666_667, 1_000_000, 1_333_334], Enumerable.Range(0, 5).Select(_ => key.Take(0, 1).Delay));
        Assert.Equal(new LimitDecision(false, 0, 333_334, 1_666_667, 0), key.Take(0, 1));
        Assert.Equal(new LimitDecision(true, 0, 0, 1_666_666, 1_333_333), key.Take(333_334, 1));
    }
}
