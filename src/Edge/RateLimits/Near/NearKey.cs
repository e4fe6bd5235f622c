using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>What is known in this copy of one key under one limit. Guarded by the lock of its <see cref="NearShard"/>.</summary>
internal sealed class NearKey
{
    // Who asks again within this is worth a lease.
    private const long HotGap = 10_000;

    private Refusal _refusal;
    private Sight _sight;
    private Lease _lease;
    private long _askedAt = long.MinValue / 2;
    private int _batch;

    public NearKey(in LimitTake take)
    {
        (Key, Limit) = (take.Key.ToArray(), take.Limit);
        Place = new LinkedListNode<NearKey>(this);
    }

    /// <summary>Who is limited.</summary>
    public byte[] Key { get; }

    /// <summary>By what.</summary>
    public Limit Limit { get; }

    /// <summary>Its place among those that may go; in no list while the store is asked for it.</summary>
    public LinkedListNode<NearKey> Place { get; }

    /// <summary>Those who wait for the store's answer; null where nobody does.</summary>
    public Flight? Flight { get; set; }

    /// <summary>Whether it is worth its room: it is known to be refused, or it is to be known how often it is asked for.</summary>
    public bool IsUseful(long now) => _batch > 1 || _refusal.IsIn(now);

    /// <summary>Counts that somebody asks for it.</summary>
    /// <param name="batch">How many may be taken at once.</param>
    /// <returns>Whether it is hot: asked again so soon that a lease would be alive still.</returns>
    public bool CountAsk(int batch, long now)
    {
        var gap = now - _askedAt;
        (_batch, _askedAt) = (batch, now);
        return batch > 1 && gap < Math.Min(HotGap, Lease.LifeOf(Limit, batch));
    }

    /// <summary>Lets somebody wait for what the store says; null where too many do.</summary>
    public FlightWaiter? Join(long cost, bool isHot, CancellationToken cancellationToken)
    {
        var waiter = Flight?.TryJoin(cost, _batch, isHot);
        waiter?.WatchFor(cancellationToken);
        return waiter;
    }

    /// <summary>Answers a take from what is leased or known, if it can.</summary>
    public bool TryTake(long cost, long now, out LimitDecision decision)
    {
        if (!TryPeek(cost, now, out decision))
            return false;
        if (decision.IsAllowed)
            _lease.TrySpend(cost, now);
        return true;
    }

    /// <summary>What <see cref="TryTake"/> would say.</summary>
    public bool TryPeek(long cost, long now, out LimitDecision decision)
    {
        if (_lease.Left(now) is var left && left >= cost && left > 0)
            decision = new LimitDecision(true, _sight.Remaining(now) + left - cost, 0, _sight.ResetAfter(now), 0);
        else if (!TryRefuse(cost, now, out decision))
            return false;
        return true;
    }

    /// <summary>Refuses what is surely over.</summary>
    public bool TryRefuse(long cost, long now, out LimitDecision decision)
    {
        decision = default;
        if (!_refusal.Covers(cost, now))
            return false;
        var wait = _refusal.RetryAfter(Limit, cost, now);
        decision = new LimitDecision(false, Math.Min(_sight.Remaining(now), cost - 1), wait, Math.Max(_sight.ResetAfter(now), wait), 0);
        return true;
    }

    /// <summary>What is there, for a take that was refused by another limit: known, and enough.</summary>
    public bool TryLook(long cost, long now, out LimitDecision decision)
    {
        decision = new LimitDecision(true, _sight.Remaining(now) + _lease.Left(now), 0, _sight.ResetAfter(now), 0);
        return _sight.IsIn(now) && decision.Remaining >= cost;
    }

    /// <summary>How many can be spent here.</summary>
    public long LeasedAt(long now) => _lease.Left(now);

    /// <summary>How many to ask the store for, where so many are wanted: more, where some are to be taken ahead.</summary>
    public long Renew(long wanted, long each, bool isHot, int batch, long now) => isHot
        ? _lease.Renew(Limit, wanted, each, batch, _sight.Remaining(now), now)
        : wanted;

    /// <summary>Begins a lease.</summary>
    public void Lend(long ahead, long taken, int batch, long sentAt) => _lease.Begin(ahead, taken, sentAt, Lease.LifeOf(Limit, batch));

    /// <summary>Remembers what the store said.</summary>
    public void See(in LimitDecision decision, long sentAt) => _sight.Note(decision, sentAt);

    /// <summary>Remembers that so much is refused.</summary>
    public void Refuse(long cost, long wait, long sentAt)
    {
        if (Limit.Algorithm != LimitAlgorithm.Concurrency)
            _refusal.Note(cost, wait, sentAt);
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget()
    {
        (_refusal, _sight) = (default, default);
        _lease.Drop();
    }
}
