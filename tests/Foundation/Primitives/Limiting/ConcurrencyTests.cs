using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

public sealed class ConcurrencyTests
{
    private static readonly Gen<(int Kind, int Holder, long Gap, long Cost)> Steps =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 7], Gen.OneOf(Gen.Const(0L), Gen.Long[0, 700], Gen.Long[0, 3_000]), Gen.Long[0, 6]);

    [Fact]
    public void Those_inside_are_those_of_a_model_that_lists_them() =>
        Gen.Select(Gen.Long[1, 5], Steps.Array[0, 80]).Sample((permits, steps) =>
        {
            var (key, now) = (new LimitedKey(Limit.Concurrency(permits, TimeSpan.FromMilliseconds(1))), 0L);
            var inside = new Dictionary<ulong, (long Until, long Cost)>();
            foreach (var (kind, number, gap, cost) in steps)
            {
                var holder = (ulong)number;
                now += gap;
                if (kind == 0)
                {
                    // One over its life may still be there to leave.
                    var left = key.Exit(holder);
                    Assert.True(left || !inside.TryGetValue(holder, out var was) || was.Until <= now);
                    inside.Remove(holder);
                    continue;
                }

                foreach (var gone in inside.Where(i => i.Value.Until <= now).Select(i => i.Key).ToList())
                    inside.Remove(gone);
                var others = inside.Where(i => i.Key != holder).Sum(i => i.Value.Cost);
                var decision = key.Enter(holder, now, cost);
                Assert.Equal(cost == 0 || others + cost <= permits, decision.IsAllowed);
                if (decision.IsAllowed && cost > 0)
                    inside[holder] = (now + 1_000, cost);
                Assert.Equal(permits - inside.Values.Sum(i => i.Cost), decision.Remaining);
                Assert.Equal(inside.Values.Select(i => i.Until - now).Append(0).Max(), decision.ResetAfter);
                Assert.Equal(decision.ResetAfter, key.IdleAfter(now));
                if (!decision.IsAllowed)
                    Assert.Equal(Wait(inside, holder, permits, now, cost), decision.RetryAfter);
            }
        });

    [Fact]
    public void Who_never_leaves_is_out_after_its_life()
    {
        var key = new LimitedKey(Limit.Concurrency(2, TimeSpan.FromSeconds(10)));
        Assert.True(key.Enter(1, 0).IsAllowed);
        Assert.True(key.Enter(2, 4_000_000).IsAllowed);
        Assert.Equal(new LimitDecision(false, 0, 5_000_000, 9_000_000, 0), key.Enter(3, 5_000_000));
        Assert.False(key.Enter(3, 9_999_999).IsAllowed);
        Assert.True(key.Enter(3, 10_000_000).IsAllowed);
        Assert.False(key.Exit(1));
        Assert.True(key.Exit(2));
    }

    [Fact]
    public void Who_enters_again_counts_once_and_lives_on_from_then()
    {
        var key = new LimitedKey(Limit.Concurrency(2, TimeSpan.FromSeconds(10)));
        Assert.Equal(1, key.Enter(1, 0).Remaining);
        Assert.Equal(1, key.Enter(1, 9_000_000).Remaining);
        Assert.Equal(0, key.Enter(1, 9_000_000, cost: 2).Remaining);
        Assert.False(key.Enter(2, 18_999_999).IsAllowed);
        Assert.True(key.Enter(2, 19_000_000).IsAllowed);
    }

    [Fact]
    public void Who_is_refused_more_keeps_what_it_has()
    {
        var key = new LimitedKey(Limit.Concurrency(3, TimeSpan.FromSeconds(10)));
        key.Enter(1, 0, cost: 1);
        key.Enter(2, 0, cost: 2);
        Assert.False(key.Enter(1, 1, cost: 2).IsAllowed);
        Assert.True(key.Exit(1));
        Assert.True(key.Enter(3, 2).IsAllowed);
    }

    [Fact]
    public void A_state_is_as_long_as_those_inside_need()
    {
        var key = new LimitedKey(Limit.Concurrency(10_000, TimeSpan.FromSeconds(10)));
        for (var holder = 1UL; holder <= 10_000; holder++)
            Assert.True(key.Enter(holder, 0).IsAllowed);
        Assert.False(key.Enter(0, 0).IsAllowed);
        Assert.Equal(160_012, key.State.Length);
        for (var holder = 10_000UL; holder >= 1; holder--)
            Assert.True(key.Exit(holder));
        Assert.Equal(0, key.State.Length);
    }

    [Fact]
    public void A_permit_without_a_holder_is_refused()
    {
        var key = new LimitedKey(Limit.Concurrency(1, TimeSpan.FromSeconds(1)));
        Assert.Contains("Enter", Assert.Throws<ArgumentException>(() => key.Take(0, 1)).Message, StringComparison.Ordinal);
    }

    private static long Wait(Dictionary<ulong, (long Until, long Cost)> inside, ulong holder, long permits, long now, long cost)
    {
        if (cost > permits)
            return LimitDecision.Never;
        var others = inside.Where(i => i.Key != holder).Select(i => i.Value).ToList();
        return others.Select(o => o.Until).Order().First(t => others.Where(o => o.Until > t).Sum(o => o.Cost) + cost <= permits) - now;
    }
}
