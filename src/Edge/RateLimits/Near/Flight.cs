using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// Those who ask for one key and limit at the same time: while some are under way the others wait, and then go together, as one take of their sum.
/// </summary>
/// <remarks>
/// <para>First come, first served. If the store refuses the sum, those go for whom there is enough, each in its turn, in one more call; if it
/// refuses those as well, since other copies were faster, nobody goes. Where there is enough for nobody, the one more call is for whoever wants the
/// least, so that the wait is known.</para>
/// <para>Each is told what it would have been told alone, after those before it; but that who is refused where others go hears, with the sliding
/// algorithms, a wait that may be too long: that of the sum (<see cref="Waits"/>), which is not remembered.</para>
/// <para>The sum never exceeds what the limit admits at once; who would go beyond it goes with the next.</para>
/// <para>What the waiting see is guarded by the lock of the key's shard: <see cref="TryJoin"/>, <see cref="Board"/>, <see cref="Land"/>,
/// <see cref="Strand"/>. Those aboard belong to whoever runs the flight, one at a time.</para>
/// </remarks>
internal sealed class Flight
{
    /// <summary>How many wait at most.</summary>
    public const int MaxWaiting = 1024;

    private readonly LimitTake[] _takes = new LimitTake[1];
    private readonly LimitDecision[] _decisions = new LimitDecision[1];
    private readonly List<FlightWaiter> _waiting = [];
    private readonly List<FlightWaiter> _aboard = [];
    private readonly List<FlightWaiter> _answered = [];
    private Answer _refused;
    private Answer _last;
    private long _sum;
    private long _asked;
    private long _taken;
    private NearKey _key = null!;

    /// <summary>Whether somebody waits for the next.</summary>
    public bool IsWaitedFor => _waiting.Count > 0;

    /// <summary>Begins for a key. It is used for one after the other.</summary>
    public void Begin(NearKey key) => _key = key;

    /// <summary>One more who waits; null where there is no room.</summary>
    public FlightWaiter? TryJoin(long cost, int batch, bool isHot)
    {
        if (_waiting.Count >= MaxWaiting)
            return null;
        var waiter = new FlightWaiter(cost, batch, isHot);
        _waiting.Add(waiter);
        return waiter;
    }

    /// <summary>Takes aboard who waits and cannot be answered from what is known.</summary>
    /// <returns>Whether anybody is.</returns>
    public bool Board(long now)
    {
        var next = 0;
        (_refused, _last, _sum, _taken) = (default, default, 0, 0);
        for (; next < _waiting.Count; next++)
        {
            var waiter = _waiting[next];
            if (waiter.Task.IsCompleted)
                continue;
            if (_key.TryTake(waiter.Cost, now, out var decision))
            {
                waiter.Decision = decision;
                _answered.Add(waiter);
                continue;
            }

            if (_sum + waiter.Cost > _key.Limit.MaxCost)
                break;
            _aboard.Add(waiter);
            _sum += waiter.Cost;
        }

        _waiting.RemoveRange(0, next);
        if (_aboard.Count == 0)
            return false;
        var first = _aboard[0];
        _asked = _key.Renew(_sum, first.Cost, first.Batch > 1 && (first.IsHot || _aboard.Count > 1), first.Batch, now);
        return true;
    }

    /// <summary>Asks the store, once or twice, and decides for all who are aboard.</summary>
    public async ValueTask FlyAsync(ILimitStore store, MicrosecondClock clock)
    {
        await AskAsync(store, clock, _asked);
        ChooseAll(_last.Decision.IsAllowed);
        if (!_last.Decision.IsAllowed)
        {
            _refused = _last;
            if (_aboard.Count > 1 || _asked > _sum)
                await AskForFewerAsync(store, clock);
        }

        Decide();
    }

    /// <summary>Keeps what was learnt: what is leased, what is surely refused, what is there.</summary>
    public void Land()
    {
        _key.See(_last.Decision, _last.SentAt);
        if (_last.Decision.IsAllowed && _last.Asked == _asked && _asked > _sum)
            _key.Lend(_asked - _sum, _asked, _aboard[0].Batch, _last.SentAt);
        var least = long.MaxValue;
        foreach (var waiter in _aboard)
        {
            if (!waiter.IsChosen)
                least = Math.Min(least, waiter.Cost);
        }

        if (least < long.MaxValue && Waits.IsSound(_key.Limit, _refused.Asked, _taken + least))
            _key.Refuse(least, WaitFor(least), _refused.SentAt);
    }

    /// <summary>Takes all aboard who wait, since what they wait for has failed.</summary>
    public void Strand()
    {
        _aboard.AddRange(_waiting);
        _waiting.Clear();
    }

    /// <summary>Lets go on who was answered without the store.</summary>
    public void EndAnswered(NearCounts counts)
    {
        foreach (var waiter in _answered)
            counts.Add(waiter.Decision.IsAllowed);
        End(_answered);
    }

    /// <summary>Lets go on who was aboard.</summary>
    public void End() => End(_aboard);

    /// <summary>Lets all who are aboard go on with a failure.</summary>
    public void Fail(Exception failure)
    {
        foreach (var waiter in _aboard)
            waiter.Fail(failure);
        _aboard.Clear();
    }

    private static void End(List<FlightWaiter> waiters)
    {
        foreach (var waiter in waiters)
            waiter.End();
        waiters.Clear();
    }

    private async ValueTask AskAsync(ILimitStore store, MicrosecondClock clock, long cost)
    {
        var sentAt = clock.Now;
        _takes[0] = new LimitTake(_key.Key, _key.Limit, cost);
        await store.TakeAsync(_takes, _decisions);
        _last = new Answer(_decisions[0], cost, sentAt);
    }

    private async ValueTask AskForFewerAsync(ILimitStore store, MicrosecondClock clock)
    {
        var fewer = Choose(_refused.Decision.Remaining);
        await AskAsync(store, clock, fewer);
        if (_last.Decision.IsAllowed)
        {
            _taken = fewer;
            return;
        }

        _refused = _last;
        ChooseAll(false);
    }

    /// <summary>Chooses those for whom there is enough, or else whoever wants the least, and says how much they want.</summary>
    private long Choose(long remaining)
    {
        var (sum, least) = (0L, _aboard[0]);
        foreach (var waiter in _aboard)
        {
            waiter.IsChosen = waiter.Cost <= remaining - sum;
            if (waiter.IsChosen)
                sum += waiter.Cost;
            if (waiter.Cost < least.Cost)
                least = waiter;
        }

        if (sum > 0)
            return sum;
        least.IsChosen = true;
        return least.Cost;
    }

    private void ChooseAll(bool isChosen)
    {
        foreach (var waiter in _aboard)
            waiter.IsChosen = isChosen;
    }

    // As if each had asked by itself, one after the other.
    private void Decide()
    {
        var (last, before) = (_last.Decision, 0L);
        foreach (var waiter in _aboard)
        {
            if (waiter.IsChosen)
            {
                var delay = _key.Limit.Algorithm == LimitAlgorithm.LeakyBucket ? last.Delay + Waits.Of(_key.Limit, before) : 0;
                before += waiter.Cost;
                waiter.Decision = new LimitDecision(true, last.Remaining + _last.Asked - before, 0, last.ResetAfter, delay);
            }
            else
            {
                var wait = Math.Max(1, WaitFor(waiter.Cost) - (_last.SentAt - _refused.SentAt));
                waiter.Decision = new LimitDecision(false, Math.Min(last.Remaining, waiter.Cost - 1), wait, Math.Max(last.ResetAfter, wait), 0);
            }
        }
    }

    // Since the refusal, those who were chosen have been given theirs.
    private long WaitFor(long cost) => Waits.For(_key.Limit, _refused.Decision.RetryAfter, _refused.Asked, _taken + cost);

    private readonly record struct Answer(LimitDecision Decision, long Asked, long SentAt);
}
