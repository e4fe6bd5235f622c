using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Testing.Caching;

/// <summary>The Limiting port as a table under one lock: for tests of what stands on the port and needs no engine. It passes the port's contract.</summary>
public sealed class MemoryLimits(TimeProvider time) : ILimitStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _states = [];

    /// <summary>What every call ends with, where it is set.</summary>
    public CacheException? Failure { get; set; }

    /// <summary>How many keys are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _states.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            // Who holds what it takes is known to a take, but not to a look.
            if (takes.Length == 1 || Ask(takes.Span, decisions.Span, isPeek: true))
                return new(Ask(takes.Span, decisions.Span, isPeek: false));
            for (var i = 0; i < takes.Length; i++)
            {
                if (!decisions.Span[i].IsAllowed)
                    Ask(takes.Span.Slice(i, 1), new LimitDecision[1], isPeek: false);
            }

            return new(SayWhatIsThere(takes.Span, decisions.Span));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return new(Ask(takes.Span, decisions.Span, isPeek: true) || SayWhatIsThere(takes.Span, decisions.Span));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        ThrowIfDown();
        lock (_gate)
        {
            var (state, length) = Open(take);
            var held = LimitState.Exit(take.Limit, state, ref length, take.Holder);
            _states[Name(take)] = state[..length];
            return new(held);
        }
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default)
    {
        LimitStoreLimits.Check(take);
        ThrowIfDown();
        lock (_gate)
            _states.Remove(Name(take));
        return ValueTask.CompletedTask;
    }

    private bool SayWhatIsThere(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions)
    {
        for (var i = 0; i < takes.Length; i++)
        {
            if (decisions[i].IsAllowed)
                Ask([takes[i] with { Cost = 0 }], decisions.Slice(i, 1), isPeek: true);
        }

        return false;
    }

    private bool Ask(ReadOnlySpan<LimitTake> takes, Span<LimitDecision> decisions, bool isPeek)
    {
        LimitStoreLimits.Check(takes, decisions.Length);
        ThrowIfDown();
        var now = LimitClock.Microseconds(time);
        var all = true;
        for (var i = 0; i < takes.Length; i++)
        {
            var take = takes[i];
            var (state, length) = Open(take);
            decisions[i] = isPeek
                ? LimitState.Peek(take.Limit, state.AsSpan(0, length), now, take.Cost)
                : take.Limit.Algorithm == LimitAlgorithm.Concurrency
                    ? LimitState.Enter(take.Limit, state, ref length, take.Holder, now, take.Cost)
                    : LimitState.Take(take.Limit, state, ref length, now, take.Cost);
            if (!isPeek)
                _states[Name(take)] = state[..length];
            all &= decisions[i].IsAllowed;
        }

        return all;
    }

    private (byte[] State, int Length) Open(in LimitTake take)
    {
        var state = new byte[LimitState.MaxLength(take.Limit)];
        if (!_states.TryGetValue(Name(take), out var kept))
            return (state, 0);
        kept.CopyTo(state, 0);
        return (state, kept.Length);
    }

    private static string Name(in LimitTake take)
    {
        var name = new byte[take.NameLength];
        take.WriteName(name);
        return Convert.ToHexString(name);
    }

    private void ThrowIfDown()
    {
        if (Failure is not null)
            throw Failure;
    }
}
