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
        _ => throw Unknown(limit),
    };

    /// <summary>Takes, if it is allowed, and writes the state that is to be kept, of whatever was decided.</summary>
    /// <param name="state">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="length">How many of them are the state: 0 for a key never seen.</param>
    /// <param name="now">In microseconds since an origin that is always the same.</param>
    /// <param name="cost">In permits, from 0, which is always allowed and changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is below zero.</exception>
    public static LimitDecision Take(in Limit limit, Span<byte> state, ref int length, long now, long cost) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket => Take<TokenBucket>(limit, state, ref length, now, cost),
        LimitAlgorithm.LeakyBucket => Take<LeakyBucket>(limit, state, ref length, now, cost),
        LimitAlgorithm.FixedWindow => Take<FixedWindow>(limit, state, ref length, now, cost),
        LimitAlgorithm.SlidingWindow => Take<SlidingWindow>(limit, state, ref length, now, cost),
        LimitAlgorithm.Gcra => Take<Gcra>(limit, state, ref length, now, cost),
        _ => throw Unknown(limit),
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
        _ => throw Unknown(limit),
    };

    /// <summary>After how many microseconds the state may be forgotten without a change to any decision: the life of its key.</summary>
    public static long IdleAfter(in Limit limit, ReadOnlySpan<byte> state, long now) => Peek(limit, state, now, 0).ResetAfter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LimitDecision Take<T>(in Limit limit, Span<byte> state, ref int length, long now, long cost)
        where T : struct, ILimitState<T>
    {
        var known = (uint)length <= (uint)state.Length ? state[..length] : default;
        var current = Read<T>(limit, known, now);
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

    private static ArgumentException Unknown(in Limit limit) =>
        new($"There is no state of {limit.Algorithm}: make the limit with TryCreate.", nameof(limit));
}
