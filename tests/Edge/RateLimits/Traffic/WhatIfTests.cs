using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Tests.Traffic;

/// <summary>What other limits would have done.</summary>
public sealed class WhatIfTests
{
    private const long Second = 1_000_000;
    private const long Start = 1_700_000_000 * Second;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Each_key_is_replayed_by_itself_and_those_refused_most_come_first()
    {
        // One asks ten times at once, one three times, one once.
        Arrival[] arrivals = [.. Enumerable.Range(0, 10).Select(i => new Arrival(7, Start + i, 1)), .. Enumerable.Range(20, 3).Select(i => new Arrival(8, Start + i, 1)), new(9, Start + 30, 1)];
        var whatIf = Replay(arrivals, [Limit.FixedWindow(5, Minute)], [Limit.FixedWindow(2, Minute)]);
        Assert.Equal(3, whatIf.Keys);
        Assert.Equal((9, 5, 1), (whatIf.InForce.Allowed, whatIf.InForce.Refused, whatIf.InForce.RefusedKeys));
        Assert.Equal((5, 9, 2), (whatIf.Proposed.Allowed, whatIf.Proposed.Refused, whatIf.Proposed.RefusedKeys));
        Assert.Equal([new ReplayedKey(7, 10, 5, 8), new ReplayedKey(8, 3, 0, 1)], whatIf.Hardest);
    }

    [Fact]
    public void Several_limits_are_taken_from_all_or_none()
    {
        // The second limit refuses the costly one; had the first been paid, the last would be refused.
        Arrival[] arrivals = [new(1, Start, 1), new(1, Start + 1, 3), new(1, Start + 2, 2)];
        var whatIf = Replay(arrivals, [Limit.FixedWindow(1, Minute)], [Limit.TokenBucket(4, Minute), Limit.FixedWindow(3, TimeSpan.FromHours(1))]);
        Assert.Equal((2, 1), (whatIf.Proposed.Allowed, whatIf.Proposed.Refused));
    }

    [Fact]
    public void Those_who_would_have_waited_for_their_turn_are_told_apart()
    {
        Arrival[] arrivals = [.. Enumerable.Range(0, 5).Select(i => new Arrival(1, Start + i, 1))];
        var whatIf = Replay(arrivals, [Limit.TokenBucket(5, Minute)], [Limit.LeakyBucket(60, Minute, queue: 2)]);
        Assert.Equal((5, 0, 0), (whatIf.InForce.Allowed, whatIf.InForce.Refused, whatIf.InForce.Delayed));
        Assert.Equal((3, 2, 2), (whatIf.Proposed.Allowed, whatIf.Proposed.Refused, whatIf.Proposed.Delayed));
    }

    [Fact]
    public void Of_no_traffic_nothing_would_have_been_refused()
    {
        var whatIf = Replay([], [Limit.Gcra(1, Minute)], [Limit.SlidingLog(1, Minute)]);
        Assert.Equal((0, 0, 0), (whatIf.Keys, whatIf.Proposed.Allowed, whatIf.Proposed.Refused));
        Assert.Empty(whatIf.Hardest);
    }

    [Fact]
    public void A_replay_that_nobody_waits_for_ends()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => WhatIf.Of(Recorded([new(1, Start, 1)]), [Limit.Gcra(1, Minute)], [Limit.Gcra(1, Minute)], ended.Token));
    }

    private static WhatIf Replay(Arrival[] arrivals, Limit[] inForce, Limit[] proposed) => WhatIf.Of(Recorded(arrivals), inForce, proposed, TestContext.Current.CancellationToken);

    private static RecordedArrivals Recorded(Arrival[] arrivals) => new(arrivals, Start, Start + Second, 1);
}
