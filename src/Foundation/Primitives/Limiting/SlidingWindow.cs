using System.Buffers.Binary;

namespace Groundwork.Primitives.Limiting;

/// <summary>
/// The count of this window, and that of the one before weighted by the share of it that a period back from now still covers.
/// </summary>
/// <remarks>
/// <para>Over any interval Δ it admits at most permits·(⌈Δ / period⌉ + 1), which is reached only by takes crowded at the end of one
/// window and the end of the next; takes that come evenly are held to the permits in any period.</para>
/// <para>Weighted in whole ticks, a millisecond in windows of whole milliseconds from a second up, else a microsecond; what has
/// passed is rounded down, so that it is never looser than the formula.</para>
/// <para>A clock that steps back keeps both counts, as taken in the window of the new time, up to the permits of one. Stepped forth
/// again they fade early or are forgotten: those permits at most are forgiven.</para>
/// </remarks>
/// <param name="Start">When the window began.</param>
/// <param name="Previous">What was taken in the one before.</param>
/// <param name="Current">What was taken in it.</param>
public record struct SlidingWindow(long Start, int Previous, int Current) : ILimitState<SlidingWindow>
{
    /// <inheritdoc/>
    public static int Length => 16;

    /// <inheritdoc/>
    public static SlidingWindow Fresh(in Limit limit, long now) =>
        new(Instants.WindowOf(Instants.Within(now), limit.Period), 0, 0);

    /// <inheritdoc/>
    public static SlidingWindow Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));

    /// <inheritdoc/>
    public readonly void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Previous);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Current);
    }

    /// <inheritdoc/>
    public LimitDecision Take(in Limit limit, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.SlidingWindow, cost);
        now = Instants.Within(now);
        var window = MovedTo(limit, now);
        var faded = limit.Tick == 1 ? now - window.Start : (now - window.Start) / limit.Tick;
        var left = (limit.Permits - window.Current) * limit.Unit - (window.Previous * (limit.Unit - faded));
        var room = left > 0 ? left / limit.Unit : 0;
        var isAllowed = cost <= room || cost == 0;
        var retryAfter = isAllowed ? 0 : cost > limit.Permits ? LimitDecision.Never : window.RetryAt(limit, cost) - now;
        if (isAllowed)
            window.Current += (int)cost;
        if (cost > 0)
            this = window;
        return new LimitDecision(isAllowed, isAllowed ? room - cost : room, retryAfter, window.EmptyAt(limit, now) - now, 0);
    }

    /// <inheritdoc/>
    public readonly LimitDecision Peek(in Limit limit, long now, long cost)
    {
        var copy = this;
        return copy.Take(limit, now, cost);
    }

    private readonly SlidingWindow MovedTo(in Limit limit, long now)
    {
        var start = Instants.Within(Start);
        var (previous, current) = ((int)Math.Clamp(Previous, 0, limit.Permits), (int)Math.Clamp(Current, 0, limit.Permits));
        var elapsed = now - start;
        if (unchecked((ulong)elapsed) < (ulong)limit.Period)
            return new SlidingWindow(start, previous, current);
        start = Instants.WindowOf(now, limit.Period);
        if (elapsed < 0)
            return new SlidingWindow(start, 0, (int)Math.Min(limit.Permits, (long)previous + current));
        return new SlidingWindow(start, elapsed < 2 * limit.Period ? current : 0, 0);
    }

    // In this window once enough of the one before has faded; else in the next, where this one fades.
    private readonly long RetryAt(in Limit limit, long cost)
    {
        var room = limit.Permits - cost - Current;
        if (room >= 0)
            return Start + (limit.Tick * (limit.Unit - (room * limit.Unit / Previous)));
        room += Current;
        return Start + limit.Period + (limit.Tick * (limit.Unit - (room * limit.Unit / Current)));
    }

    private readonly long EmptyAt(in Limit limit, long now) =>
        Current > 0 ? Start + (2 * limit.Period) : Previous > 0 ? Start + limit.Period : now;
}
