namespace Groundwork.Primitives.Limiting;

/// <summary>The state of one key under one limit, of a fixed size; a default value has no meaning, begin with <see cref="Fresh"/>.</summary>
/// <remarks>
/// States are values without a lock: who keeps one for many callers guards it. Any contents, whoever wrote them, give a decision
/// and never an exception; absurd ones are clamped.
/// </remarks>
/// <typeparam name="TSelf">The state itself.</typeparam>
public interface ILimitState<TSelf>
    where TSelf : struct, ILimitState<TSelf>
{
    /// <summary>How many bytes it takes where it is kept.</summary>
    static abstract int Length { get; }

    /// <summary>The state of a key that was never seen.</summary>
    static abstract TSelf Fresh(in Limit limit, long now);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <param name="bytes"><see cref="Length"/> of them at least.</param>
    static abstract TSelf Read(ReadOnlySpan<byte> bytes);

    /// <summary>Writes its <see cref="Length"/> bytes, numbers with their lowest byte first.</summary>
    void Write(Span<byte> bytes);

    /// <summary>Takes, if it is allowed. What was refused moves the state to the present all the same, so it is kept too.</summary>
    /// <param name="now">In microseconds since an origin that is always the same.</param>
    /// <param name="cost">In permits, from 0, which is always allowed and changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is below zero.</exception>
    /// <exception cref="ArgumentException">The limit is one of another algorithm.</exception>
    LimitDecision Take(in Limit limit, long now, long cost);

    /// <summary>What <see cref="Take"/> would say.</summary>
    LimitDecision Peek(in Limit limit, long now, long cost);
}
