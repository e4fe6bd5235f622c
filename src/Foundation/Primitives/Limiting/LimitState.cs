using System.Runtime.CompilerServices;

namespace Groundwork.Primitives.Limiting;

/// <summary>
/// All algorithms by one face, for stores that keep states as bytes: of a length of its own for each, 0 for a key never seen.
/// </summary>
/// <remarks>Bytes that are no state count as none, or are clamped: they never bring an exception, nor an overflow.</remarks>
public static class LimitState
{
    /// <summary>The most bytes that a state under this limit takes.</summary>
    public static int MaxLength(in Limit limit) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket => TokenBucket.Length,
        LimitAlgorithm.LeakyBucket => LeakyBucket.Length,
        LimitAlgorithm.FixedWindow => FixedWindow.Length,
        LimitAlgorithm.SlidingWindow => SlidingWindow.Length,
        LimitAlgorithm.Gcra => Gcra.Length,
        LimitAlgorithm.SlidingLog => SlidingLog.MaxLength(limit),
        LimitAlgorithm.Concurrency => Concurrency.MaxLength(limit),
        _ => throw NotTaken(limit),
    };

    /// <summary>Takes, if it is allowed, and writes the state that is to be kept, of whatever was decided.</summary>
    /// <param name="state">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="length">How many of them are the state: 0 for a key never seen.</param>
    /// <param name="now">In microseconds since an origin that is always the same.</param>
    /// <param name="cost">In permits, from 0, which is always allowed and changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is below zero.</exception>
    /// <exception cref="ArgumentException">It is a concurrency limit, where permits have a holder (<see cref="Enter"/>); or no limit.</exception>
    public static LimitDecision Take(in Limit limit, Span<byte> state, ref int length, long now, long cost) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket => Take<TokenBucket>(limit, state, ref length, now, cost),
        LimitAlgorithm.LeakyBucket => Take<LeakyBucket>(limit, state, ref length, now, cost),
        LimitAlgorithm.FixedWindow => Take<FixedWindow>(limit, state, ref length, now, cost),
        LimitAlgorithm.SlidingWindow => Take<SlidingWindow>(limit, state, ref length, now, cost),
        LimitAlgorithm.Gcra => Take<Gcra>(limit, state, ref length, now, cost),
        LimitAlgorithm.SlidingLog => SlidingLog.Take(limit, state, ref length, now, cost),
        _ => throw NotTaken(limit),
    };

    /// <summary>What <see cref="Take(in Limit, Span{byte}, ref int, long, long)"/> would say.</summary>
    /// <param name="state">The state; empty for a key never seen.</param>
    public static LimitDecision Peek(in Limit limit, ReadOnlySpan<byte> state, long now, long cost) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket => Read<TokenBucket>(limit, state, now).Peek(limit, now, cost),
        LimitAlgorithm.LeakyBucket => Read<LeakyBucket>(limit, state, now).Peek(limit, now, cost),
        LimitAlgorithm.FixedWindow => Read<FixedWindow>(limit, state, now).Peek(limit, now, cost),
        LimitAlgorithm.SlidingWindow => Read<SlidingWindow>(limit, state, now).Peek(limit, now, cost),
        LimitAlgorithm.Gcra => Read<Gcra>(limit, state, now).Peek(limit, now, cost),
        LimitAlgorithm.SlidingLog => SlidingLog.Peek(limit, state, now, cost),
        LimitAlgorithm.Concurrency => Concurrency.Peek(limit, state, now, cost),
        _ => throw NotTaken(limit),
    };

    /// <inheritdoc cref="Concurrency.Enter"/>
    public static LimitDecision Enter(in Limit limit, Span<byte> state, ref int length, ulong holder, long now, long cost) =>
        Concurrency.Enter(limit, state, ref length, holder, now, cost);

    /// <inheritdoc cref="Concurrency.Exit"/>
    public static bool Exit(in Limit limit, Span<byte> state, ref int length, ulong holder) =>
        Concurrency.Exit(limit, state, ref length, holder);

    /// <summary>After how many microseconds the state may be forgotten without a change to any decision: the life of its key.</summary>
    public static long IdleAfter(in Limit limit, ReadOnlySpan<byte> state, long now) => Peek(limit, state, now, 0).ResetAfter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LimitDecision Take<T>(in Limit limit, Span<byte> state, ref int length, long now, long cost)
        where T : struct, ILimitState<T>
    {
        var current = Read<T>(limit, StateBytes.Known(state, length), now);
        var decision = current.Take(limit, now, cost);
        if (cost == 0)
            return decision;
        current.Write(state);
        length = T.Length;
        return decision;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(in Limit limit, ReadOnlySpan<byte> state, long now)
        where T : struct, ILimitState<T> =>
        state.Length == T.Length ? T.Read(state) : T.Fresh(limit, now);

    private static ArgumentException NotTaken(in Limit limit) =>
        new(
            limit.Algorithm == LimitAlgorithm.Concurrency
                ? "Permits of a concurrency limit have a holder: call Enter."
                : "This is no limit: nobody made it.",
            nameof(limit));
}
