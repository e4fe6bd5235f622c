using System.Numerics;
using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>
/// Token bucket and GCRA against the definition of what they bound: over every interval that ends at a take, no more than burst +
/// rate·Δ, in rationals.
/// </summary>
public sealed class BucketOracleTests
{
    [Fact]
    public void A_token_bucket_admits_exactly_what_keeps_every_interval_within_burst_and_rate() =>
        LimitHistories.Of(LimitAlgorithm.TokenBucket).Sample(IsExact);

    [Fact]
    public void Gcra_admits_exactly_what_keeps_every_interval_within_burst_and_rate() =>
        LimitHistories.Of(LimitAlgorithm.Gcra).Sample(IsExact);

    [Fact]
    public void Gcra_and_a_token_bucket_of_the_same_burst_say_the_same() =>
        LimitHistories.Of(LimitAlgorithm.TokenBucket).Sample(history =>
        {
            var limit = history.Limit;
            var twin = Limit.Gcra(limit.Permits, TimeSpan.FromMicroseconds(limit.Period), limit.Burst);
            var now = history.Origin;
            var (bucket, gcra) = (TokenBucket.Fresh(limit, now), Gcra.Fresh(twin, now));
            foreach (var (gap, cost) in history.Attempts)
            {
                now += gap;
                Assert.Equal(bucket.Take(limit, now, cost), gcra.Take(twin, now, cost));
            }
        });

    private static void IsExact(LimitHistory history)
    {
        var (limit, now) = (history.Limit, history.Origin);
        var (state, length) = (new byte[LimitState.MaxLength(limit)], 0);
        var admitted = new List<(long Time, long Cost)>();
        foreach (var (gap, cost) in history.Attempts)
        {
            now += gap;
            Assert.Equal(MayTake(limit, admitted, now, cost), LimitState.Take(limit, state, ref length, now, cost).IsAllowed);
            if (cost > 0 && MayTake(limit, admitted, now, cost))
                admitted.Add((now, cost));
        }
    }

    private static bool MayTake(in Limit limit, List<(long Time, long Cost)> admitted, long now, long cost)
    {
        BigInteger sum = cost;
        if (cost > limit.Burst)
            return false;
        for (var i = admitted.Count - 1; i >= 0; i--)
        {
            sum += admitted[i].Cost;
            if ((sum - limit.Burst) * limit.Period > new BigInteger(limit.Permits) * (now - admitted[i].Time))
                return false;
        }

        return true;
    }
}
