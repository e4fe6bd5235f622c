using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>One key under a limit, its state kept as a store would keep it.</summary>
internal sealed class LimitedKey(Limit limit)
{
    private readonly byte[] _state = new byte[LimitState.MaxLength(limit)];
    private int _length;

    public Limit Limit => limit;

    public ReadOnlySpan<byte> State => _state.AsSpan(0, _length);

    public LimitDecision Take(long now, long cost) => LimitState.Take(limit, _state, ref _length, now, cost);

    public LimitDecision Peek(long now, long cost) => LimitState.Peek(limit, State, now, cost);

    public LimitDecision Enter(ulong holder, long now, long cost = 1) => LimitState.Enter(limit, _state, ref _length, holder, now, cost);

    public bool Exit(ulong holder) => LimitState.Exit(limit, _state, ref _length, holder);

    public long IdleAfter(long now) => LimitState.IdleAfter(limit, State, now);

    /// <summary>Overwrites the state, whatever it was.</summary>
    public void Damage(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, _state.Length)];
        bytes.CopyTo(_state);
        _length = bytes.Length;
    }

    /// <summary>Takes one at a time until it is refused.</summary>
    /// <returns>How many were allowed.</returns>
    public long Exhaust(long now)
    {
        var taken = 0L;
        while (Take(now, 1).IsAllowed)
            taken++;
        return taken;
    }
}
