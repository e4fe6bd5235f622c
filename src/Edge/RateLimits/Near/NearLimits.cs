using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// Before a store that copies share: answers here what is surely refused and what was taken ahead, and asks the store once for many who want the
/// same at the same time.
/// </summary>
/// <remarks>
/// <para><b>What it admits.</b> Over any interval at most what the limit itself admits, and <c>copies · (batch − 1)</c> besides: every permit was
/// taken from the store, and before the interval only those that a copy had leased when it began, a batch less one (<see cref="Lease"/>). Without a
/// batch (<see cref="LimitTake.Batch"/> of 0 or 1) that is what the limit admits. Only takes of one limit by itself lease: what several limits
/// give, all or none, is the store's to decide.</para>
/// <para><b>What it refuses.</b> Whom the store would refuse, where permits that another copy has leased are taken; a refusal that is no longer true is
/// believed for a second at most (<see cref="Refusal"/>), and of those who go together some may be refused whom the store, asked once more, would
/// admit (<see cref="Flight"/>). What this copy resets is forgotten here at once, with what was under way. Several limits are refused here where
/// one surely refuses and what is there of the others was seen within a second. Who holds what it takes, with concurrency, always asks the
/// store: what is given back early would not be seen.</para>
/// <para><b>How long it takes.</b> Those who come while the store is being asked for their key wait for that, and for what is asked for them, each
/// two calls at most; where one fails, all fail who wait then. Beyond <see cref="Flight.MaxWaiting"/> who wait, each asks by itself. Who gives up
/// waits no longer; what was asked for it may have been taken.</para>
/// <para>Bounded by <see cref="MaxKeys"/>; of those that the store is not being asked for, the ones that were asked for the longest ago go, with what
/// was leased of them. A key stays while it is surely refused, or where there is a batch. Times are those of a clock that never steps; no timer
/// runs. Safe for concurrent use.</para>
/// </remarks>
internal sealed class NearLimits : ILimitStore
{
    /// <summary>How many keys are known at most.</summary>
    public const int MaxKeys = 65_536;

    // As many as callers seldom are at once.
    private const int Shards = 16;

    private readonly ILimitStore _store;
    private readonly MicrosecondClock _clock;
    private readonly NearShard[] _shards = new NearShard[Shards];
    private long _resets;

    /// <param name="store">The store that all share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxKeys">How many keys are known at most.</param>
    public NearLimits(ILimitStore store, TimeProvider time, int maxKeys = MaxKeys)
    {
        (_store, _clock) = (store, new MicrosecondClock(time));
        for (var i = 0; i < Shards; i++)
            _shards[i] = new NearShard(Math.Max(1, maxKeys / Shards));
    }

    /// <summary>What was answered here.</summary>
    public NearCounts Counts { get; } = new();

    /// <summary>How many keys are known.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                lock (shard.Gate)
                    count += shard.Count;
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
    {
        Check(takes.Span, decisions.Length);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        ref readonly var take = ref takes.Span[0];
        if (takes.Length > 1 || IsHeld(take.Limit) || take.Cost > take.Limit.MaxCost)
            return TakeAllAsync(takes, decisions, cancellationToken);
        return take.Cost > 0 ? TakeOneAsync(takes, decisions, cancellationToken) : PeekAsync(takes, decisions, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
    {
        Check(takes.Span, decisions.Length);
        if (takes.Length > 1)
            return !TryRefuseAll(takes.Span, decisions.Span) && await _store.PeekAsync(takes, decisions, cancellationToken);
        if (TryPeek(takes.Span[0], out var leased, out decisions.Span[0]))
            return decisions.Span[0].IsAllowed;
        var isAllowed = await _store.PeekAsync(takes, decisions, cancellationToken);

        // What is leased here is there for who asks here.
        if (isAllowed)
            decisions.Span[0] = decisions.Span[0] with { Remaining = decisions.Span[0].Remaining + leased };
        return isAllowed;
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => _store.ExitAsync(take, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);

        // Before, what was leased; after, what others were told meanwhile.
        Forget(take);
        try
        {
            await _store.ResetAsync(take, cancellationToken);
        }
        finally
        {
            Forget(take);
        }
    }

    private static void Check(ReadOnlySpan<LimitTake> takes, int decisions)
    {
        LimitStoreLimits.Check(takes, decisions);
        foreach (ref readonly var take in takes)
            ArgumentOutOfRangeException.ThrowIfNegative(take.Cost, nameof(takes));
    }

    // What nobody made is the store's to refuse.
    private static bool IsHeld(in Limit limit) => limit.Algorithm is LimitAlgorithm.Concurrency or 0;

    private static async ValueTask<bool> WaitAsync(FlightWaiter waiter, Memory<LimitDecision> decisions)
    {
        var decision = await waiter.Task;
        decisions.Span[0] = decision;
        return decision.IsAllowed;
    }

    private NearShard ShardOf(in LimitTake take) => _shards[(uint)NearKeyComparer.Hash(take.Key.Span, take.Limit) % Shards];

    private NearShard ShardOf(NearKey key) => _shards[(uint)NearKeyComparer.Hash(key.Key, key.Limit) % Shards];

    private ValueTask<bool> TakeOneAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        ref readonly var take = ref takes.Span[0];
        var shard = ShardOf(take);
        NearKey? key;
        FlightWaiter? waiter = null;
        var isFirst = false;
        lock (shard.Gate)
        {
            var now = _clock.Now;
            key = shard.FindOrAdd(take);
            if (key is not null)
            {
                var isHot = key.CountAsk(Lease.Suits(take.Limit.Algorithm) ? take.Batch : 0, now);
                if (key.TryTake(take.Cost, now, out decisions.Span[0]))
                {
                    Counts.Add(decisions.Span[0].IsAllowed);
                    return new(decisions.Span[0].IsAllowed);
                }

                isFirst = key.Flight is null;
                if (isFirst)
                {
                    shard.Hold(key);
                    key.Flight = shard.NewFlight(key);
                }

                waiter = key.Join(take.Cost, isHot, cancellationToken);
            }
        }

        if (waiter is null)
            return AskAsync(takes, decisions, cancellationToken);
        if (isFirst)
            Depart(key!);
        return WaitAsync(waiter, decisions);
    }

    /// <summary>Takes those aboard who wait for a key; if nobody is left, the key rests.</summary>
    private void Depart(NearKey key)
    {
        var (shard, flight, resets) = (ShardOf(key), key.Flight!, Volatile.Read(ref _resets));
        bool departs;
        lock (shard.Gate)
        {
            var now = _clock.Now;
            departs = flight.Board(now);
            if (!departs)
                Rest(shard, key, now);
        }

        flight.EndAnswered(Counts);
        if (departs)
            _ = FlyAsync(shard, key, flight, resets);
        else
            shard.Keep(flight);
    }

    private async Task FlyAsync(NearShard shard, NearKey key, Flight flight, long resets)
    {
        Exception? failure = null;
        try
        {
            await flight.FlyAsync(_store, _clock);
        }
        catch (Exception e)
        {
            failure = e;
        }

        bool goesOn;
        lock (shard.Gate)
        {
            if (failure is not null)
                flight.Strand();
            else if (resets == Volatile.Read(ref _resets))
                flight.Land();
            goesOn = flight.IsWaitedFor;
            if (!goesOn)
                Rest(shard, key, _clock.Now);
        }

        if (failure is not null)
            flight.Fail(failure);
        else
            flight.End();

        // Elsewhere, and without what the first caller carries along: a hot key's flights follow one another as long as it is hot.
        if (goesOn)
            ThreadPool.UnsafeQueueUserWorkItem(static next => next.Limits.Depart(next.Key), (Limits: this, Key: key), preferLocal: false);
        else
            shard.Keep(flight);
    }

    private static void Rest(NearShard shard, NearKey key, long now)
    {
        key.Flight = null;
        shard.Rest(key, now);
    }

    private async ValueTask<bool> TakeAllAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        if (!TryRefuseAll(takes.Span, decisions.Span))
            return await AskAsync(takes, decisions, cancellationToken);
        Counts.Add(isAllowed: false);
        return false;
    }

    // Asks the store as it was asked here, and remembers what is refused.
    private async ValueTask<bool> AskAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken)
    {
        var (sentAt, resets) = (_clock.Now, Volatile.Read(ref _resets));
        if (await _store.TakeAsync(takes, decisions, cancellationToken))
            return true;
        for (var i = 0; i < takes.Length; i++)
            Note(takes.Span[i], decisions.Span[i], sentAt, resets);
        return false;
    }

    private void Note(in LimitTake take, in LimitDecision decision, long sentAt, long resets)
    {
        // Held permits come back any time: by themselves there is nothing to remember of them.
        if (take.Cost == 0 || (IsHeld(take.Limit) && !decision.IsAllowed))
            return;
        var shard = ShardOf(take);
        lock (shard.Gate)
        {
            if (resets != Volatile.Read(ref _resets) || shard.FindOrAdd(take) is not { } key)
                return;
            key.See(decision, sentAt);
            if (!decision.IsAllowed)
                key.Refuse(take.Cost, decision.RetryAfter, sentAt);
        }
    }

    // One refuses surely, and of the others it is known what is there.
    private bool TryRefuseAll(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions)
    {
        var (now, isRefused) = (_clock.Now, false);
        for (var i = 0; i < takes.Length; i++)
        {
            ref readonly var take = ref takes[i];
            var shard = ShardOf(take);
            lock (shard.Gate)
            {
                if (shard.Find(take) is not { } key)
                    return false;
                if (take.Cost > 0 && key.TryRefuse(take.Cost, now, out decisions[i]))
                    isRefused = true;
                else if (!key.TryLook(take.Cost, now, out decisions[i]))
                    return false;
            }
        }

        return isRefused;
    }

    private bool TryPeek(in LimitTake take, out long leased, out LimitDecision decision)
    {
        (leased, decision) = (0, default);
        var shard = ShardOf(take);
        lock (shard.Gate)
        {
            if (shard.Find(take) is not { } key)
                return false;
            var now = _clock.Now;
            leased = key.LeasedAt(now);
            return take.Cost > 0 && key.TryPeek(take.Cost, now, out decision);
        }
    }

    private void Forget(in LimitTake take)
    {
        // Also for what is under way: whatever it says was so before.
        Interlocked.Increment(ref _resets);
        var shard = ShardOf(take);
        lock (shard.Gate)
            shard.Find(take)?.Forget();
    }
}
