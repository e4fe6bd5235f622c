using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>A count that starts again at every full period since the clock's origin.</summary>
/// <remarks>
/// <para>Over any interval Δ it admits at most permits·(⌈Δ / period⌉ + 1): twice as much as was meant may pass around a boundary.</para>
/// <para>A clock that steps back keeps the count, in the window of the new time. Stepped forth again it may begin a window, which
/// forgives what was counted: the permits of one window at most.</para>
/// </remarks>
/// <param name="Start">When the window began.</param>
/// <param name="Count">What was taken in it.</param>
public record struct FixedWindow(long Start, int Count) : ILimitState<FixedWindow>
{
    /// <inheritdoc/>
    public static int Length => 12;

    /// <inheritdoc/>
    public static FixedWindow Fresh(in Limit limit, long now) => new(Instants.WindowOf(Instants.Within(now), limit.Period), 0);

    /// <inheritdoc/>
    public static FixedWindow Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));

    /// <inheritdoc/>
    public readonly void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Count);
    }

    /// <inheritdoc/>
    public LimitDecision Take(in Limit limit, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.FixedWindow, cost);
        now = Instants.Within(now);
        var window = MovedTo(limit, now);
        var untilNext = window.Start + limit.Period - now;
        var room = limit.Permits - window.Count;
        var isAllowed = cost == 0 || cost <= room;
        if (isAllowed)
            window.Count += (int)cost;
        if (cost > 0)
            this = window;

        var retryAfter = isAllowed ? 0 : cost > limit.Permits ? LimitDecision.Never : untilNext;
        return new LimitDecision(isAllowed, limit.Permits - window.Count, retryAfter, window.Count > 0 ? untilNext : 0, 0);
    }

    /// <inheritdoc/>
    public readonly LimitDecision Peek(in Limit limit, long now, long cost)
    {
        var copy = this;
        return copy.Take(limit, now, cost);
    }

    private readonly FixedWindow MovedTo(in Limit limit, long now)
    {
        var count = (int)Math.Clamp(Count, 0, limit.Permits);
        var elapsed = now - Instants.Within(Start);
        if (unchecked((ulong)elapsed) < (ulong)limit.Period)
            return new FixedWindow(Instants.Within(Start), count);
        return new FixedWindow(Instants.WindowOf(now, limit.Period), elapsed < 0 ? count : 0);
    }
}
