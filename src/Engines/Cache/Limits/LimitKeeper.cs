using System.Buffers;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Values;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Hashing;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Cache.Limits;

/// <summary>
/// Limits counted in a space of the engine: a state is read, decided on and written under the lock of its key's shard.
/// </summary>
/// <remarks>
/// <para>States of fixed size lie in the shard's <see cref="StateTable"/>; those that grow, lists of takes or of holders, are strings under their keys.
/// Each has a time to live, after which it would say nothing: of a string at least as long as its decision says, and up to twice that, so
/// that it is not set again with every take.</para>
/// <para>Of what changes nobody is told, neither who watches nor who tracks: states mean something to limits only. Thread-safe.</para>
/// </remarks>
internal sealed class LimitKeeper(Keyspace keyspace, TimeProvider time) : ILimitStore
{
    // What an entry takes beyond its key and value, roughly; pages bound it exactly.
    private const int EntryBytes = 64;

    private const int MaxNameBytes = LimitStoreLimits.MaxKeyBytes + sizeof(ulong);

    // Lives are whole milliseconds, and this one covers the rounding.
    private const long SpareMs = 1000;

    // Of its keyspace's life: others may keep limits in the same one.
    private readonly ulong _seed = keyspace.StateSeed;

    private enum Step
    {
        Take,
        Peek,
        Exit,
        Reset,
    }

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        new(Take(takes.Span, decisions.Span));

    /// <inheritdoc/>
    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
        new(Peek(takes.Span, decisions.Span));

    /// <inheritdoc/>
    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => new(Exit(take));

    /// <inheritdoc/>
    public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        Reset(take);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="ILimitStore.TakeAsync"/>
    public bool Take(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions)
    {
        LimitStoreLimits.Check(takes, decisions.Length);
        if (takes.Length == 1)
            return (decisions[0] = RunAlone(takes[0], Step.Take)).IsAllowed;

        Span<bool> isMine = stackalloc bool[keyspace.Shards.Length];
        Enter(takes, isMine);
        try
        {
            var now = LimitClock.Microseconds(time);
            if (RunAll(takes, decisions, Step.Peek, now))
                return RunAll(takes, decisions, Step.Take, now);

            // A take that is refused takes nothing, but has its state follow a clock that was set back.
            for (var i = 0; i < takes.Length; i++)
            {
                if (!decisions[i].IsAllowed)
                    Run(takes[i], Step.Take, now);
            }

            SayWhatIsThere(takes, decisions, now);
            return false;
        }
        finally
        {
            Leave(isMine);
        }
    }

    /// <inheritdoc cref="ILimitStore.PeekAsync"/>
    public bool Peek(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions)
    {
        LimitStoreLimits.Check(takes, decisions.Length);
        Span<bool> isMine = stackalloc bool[keyspace.Shards.Length];
        Enter(takes, isMine);
        try
        {
            var now = LimitClock.Microseconds(time);
            if (RunAll(takes, decisions, Step.Peek, now))
                return true;
            SayWhatIsThere(takes, decisions, now);
            return false;
        }
        finally
        {
            Leave(isMine);
        }
    }

    /// <inheritdoc cref="ILimitStore.ExitAsync"/>
    public bool Exit(in LimitTake take)
    {
        LimitStoreLimits.Check(take);
        return RunAlone(take, Step.Exit).IsAllowed;
    }

    /// <inheritdoc cref="ILimitStore.ResetAsync"/>
    public void Reset(in LimitTake take)
    {
        LimitStoreLimits.Check(take);
        RunAlone(take, Step.Reset);
    }

    private LimitDecision RunAlone(in LimitTake take, Step step)
    {
        Span<byte> name = stackalloc byte[take.NameLength];
        take.WriteName(name);
        var hash = keyspace.HashOf(name);
        var shard = keyspace.ShardOfHash(hash);
        shard.States!.Fetch(hash);
        lock (shard.Gate)
            return Run(shard, name, hash, take, step, LimitClock.Microseconds(time));
    }

    private bool RunAll(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions, Step step, long now)
    {
        var allow = true;
        for (var i = 0; i < takes.Length; i++)
        {
            decisions[i] = Run(takes[i], step, now);
            allow &= decisions[i].IsAllowed;
        }

        return allow;
    }

    // Of those that would have allowed it, where others refuse.
    private void SayWhatIsThere(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions, long now)
    {
        for (var i = 0; i < takes.Length; i++)
        {
            if (decisions[i].IsAllowed)
                decisions[i] = Run(takes[i] with { Cost = 0 }, Step.Peek, now);
        }
    }

    // Its shard's lock is held.
    private LimitDecision Run(in LimitTake take, Step step, long now)
    {
        Span<byte> name = stackalloc byte[take.NameLength];
        take.WriteName(name);
        var hash = keyspace.HashOf(name);
        return Run(keyspace.ShardOfHash(hash), name, hash, take, step, now);
    }

    // In the order of their numbers, as whoever locks several does.
    private void Enter(ReadOnlySpan<LimitTake> takes, Span<bool> isMine)
    {
        Span<byte> longest = stackalloc byte[MaxNameBytes];
        foreach (ref readonly var take in takes)
        {
            var name = longest[..take.NameLength];
            take.WriteName(name);
            var hash = keyspace.HashOf(name);
            var shard = keyspace.ShardOfHash(hash);
            shard.States!.Fetch(hash);
            isMine[shard.Number] = true;
        }

        for (var i = 0; i < isMine.Length; i++)
        {
            if (isMine[i])
                keyspace.Shards[i].Gate.Enter();
        }
    }

    private void Leave(ReadOnlySpan<bool> isMine)
    {
        for (var i = 0; i < isMine.Length; i++)
        {
            if (isMine[i])
                keyspace.Shards[i].Gate.Exit();
        }
    }

    private LimitDecision Run(Shard shard, ReadOnlySpan<byte> name, ulong hash, in LimitTake take, Step step, long now)
    {
        var most = LimitState.MaxLength(take.Limit);
        if (most <= StateSlot.MaxBytes)
            return RunSmall(shard, hash, (uint)WyHash.Hash(name, _seed), take, step, now, most);
        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return Run(shard, name, hash, take, step, now, rented);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private unsafe LimitDecision RunSmall(Shard shard, ulong hash, uint more, in LimitTake take, Step step, long now, int length)
    {
        var states = shard.States!;
        var seconds = (uint)(now / 1_000_000);
        var slot = states.Find(hash, more, seconds);
        var state = slot is null ? stackalloc byte[StateSlot.MaxBytes] : new Span<byte>(slot->State, StateSlot.MaxBytes);
        if (slot is null)
            length = 0;
        switch (step)
        {
            case Step.Take when take.Cost > 0:
                var decision = LimitState.Take(take.Limit, state, ref length, now, take.Cost);
                var until = (uint)((now + decision.ResetAfter) / 1_000_000) + 1;
                if (slot is not null)
                    slot->Until = until;
                else if (decision.IsAllowed) // of who was never seen and is refused, there is nothing to know
                    Add(shard, hash, more, until, seconds, state);
                return decision;
            case Step.Reset:
                if (slot is not null)
                    states.Remove(slot);
                return default;
            case Step.Exit:
                return default;
            default:
                return LimitState.Peek(take.Limit, state[..length], now, take.Cost);
        }
    }

    private unsafe void Add(Shard shard, ulong hash, uint more, uint until, uint now, ReadOnlySpan<byte> state)
    {
        if (!shard.States!.Fits(hash, now))
            MakeRoom(shard, PagePool.PageBytes, now * 1000L);
        state.CopyTo(new Span<byte>(shard.States.Add(hash, more, until, now)->State, StateSlot.MaxBytes));
    }

    private LimitDecision Run(Shard shard, ReadOnlySpan<byte> name, ulong hash, in LimitTake take, Step step, long now, Span<byte> state)
    {
        var nowMs = now / 1000;
        var found = shard.Find(hash, 0, name, nowMs);
        var length = Read(shard, found, state);
        LimitDecision decision;
        switch (step)
        {
            case Step.Reset:
                if (found.Exists)
                    shard.Remove(ref found, KeyChange.Written);
                return default;
            case Step.Exit:
                decision = default(LimitDecision) with { IsAllowed = LimitState.Exit(take.Limit, state, ref length, take.Holder) };
                if (decision.IsAllowed && length == 0)
                    shard.Remove(ref found, KeyChange.Written);
                else if (decision.IsAllowed)
                    Write(shard, found, name, hash, state[..length], nowMs, idleAt: -1);
                return decision;
            case Step.Take when take.Cost > 0:
                decision = take.Limit.Algorithm == LimitAlgorithm.Concurrency
                    ? LimitState.Enter(take.Limit, state, ref length, take.Holder, now, take.Cost)
                    : LimitState.Take(take.Limit, state, ref length, now, take.Cost);

                // Of who was never seen and is refused, there is nothing to know.
                if (decision.IsAllowed || found.Exists)
                    Write(shard, found, name, hash, state[..length], nowMs, nowMs + (decision.ResetAfter / 1000));
                return decision;
            default:
                return LimitState.Peek(take.Limit, state[..length], now, take.Cost);
        }
    }

    private static int Read(Shard shard, Found found, Span<byte> state)
    {
        if (!found.Exists || !Texts.Is(found.Form) || Texts.Length(found) is var length && length > state.Length)
            return 0;
        Texts.Read(shard, found, 0, state[..(int)length]);
        return (int)length;
    }

    private void Write(Shard shard, Found found, ReadOnlySpan<byte> name, ulong hash, ReadOnlySpan<byte> state, long nowMs, long idleAt)
    {
        var deadline = found.Exists ? found.Deadline : -1;
        if (deadline <= idleAt)
            deadline = idleAt + (idleAt - nowMs) + SpareMs;
        if (found.Exists && found.Form == ValueForm.Text && found.Deadline == deadline && found.Value.Length == state.Length)
        {
            state.CopyTo(found.Value);
            return;
        }

        MakeRoom(shard, name.Length + state.Length + EntryBytes, nowMs);

        // Blocks may have moved.
        found = shard.Find(hash, 0, name, nowMs);
        Texts.Set(shard, ref found, 0, name, state, deadline, keyspace.Use.Begin(nowMs));
    }

    private void MakeRoom(Shard shard, long bytes, long nowMs)
    {
        if (!keyspace.CouldFit(bytes) || !keyspace.MakeRoom(shard, bytes, nowMs))
        {
            throw new CacheException(
                "There is no room for another key's limit, and nobody leaves for it. It was not counted. Raise RateLimits:Memory, or limit by what fewer callers differ in.");
        }
    }
}
