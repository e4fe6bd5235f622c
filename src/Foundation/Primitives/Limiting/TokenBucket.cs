using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>A bucket that fills at the limit's rate up to its burst, and from which each take is paid.</summary>
/// <remarks>
/// <para>Over any interval Δ it admits at most burst + rate·Δ, exactly: the level is counted in units of which a whole number
/// comes back every microsecond.</para>
/// <para>A clock that steps back: no time has passed, and the bucket goes on from the new time. Whoever steps it back and forth
/// again gets the time between once more, which is one burst at most. A clock that jumps ahead fills the bucket.</para>
/// </remarks>
/// <param name="Level">What is in it at <paramref name="At"/>, in units.</param>
/// <param name="At">When it was last looked at.</param>
public record struct TokenBucket(long Level, long At) : ILimitState<TokenBucket>
{
    /// <inheritdoc/>
    public static int Length => 16;

    /// <inheritdoc/>
    public static TokenBucket Fresh(in Limit limit, long now) => new(limit.Capacity, now);

    /// <inheritdoc/>
    public static TokenBucket Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));

    /// <inheritdoc/>
    public readonly void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Level);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], At);
    }

    /// <inheritdoc/>
    public LimitDecision Take(in Limit limit, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.TokenBucket, cost);
        now = Instants.Within(now);
        var decision = Bucket.Decide(limit, LevelAt(limit, now), cost, out var left);
        if (cost > 0)
            (Level, At) = (left, now);
        return decision;
    }

    /// <inheritdoc/>
    public readonly LimitDecision Peek(in Limit limit, long now, long cost)
    {
        var copy = this;
        return copy.Take(limit, now, cost);
    }

    private readonly long LevelAt(in Limit limit, long now)
    {
        // A level below zero is no level: as if never seen.
        var capacity = limit.Capacity;
        if (unchecked((ulong)Level) >= (ulong)capacity)
            return capacity;

        // Not past what fills it, so that the product stays exact.
        var elapsed = Math.Max(0, now - Instants.Within(At));
        return elapsed >= limit.RefillTime ? capacity : Math.Min(capacity, Level + (elapsed * limit.Gain));
    }
}
