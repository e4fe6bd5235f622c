using System.Runtime.CompilerServices;

namespace Groundwork.Primitives.Limiting;

/// <summary>Times in microseconds since any fixed origin, kept where sums and differences of two of them can't overflow.</summary>
internal static class Instants
{
    // 73,000 years from the origin, either way; a clock beyond stands still.
    private const long Farthest = 1L << 61;

    /// <summary>A caller's time, or one that was stored, or the farthest one where it is beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Within(long time) => Math.Clamp(time, -Farthest, Farthest);

    /// <summary>A stored time that may lie as far ahead of a caller's as all that is owed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Ahead(long time) => Math.Clamp(time, -Farthest, 2 * Farthest);

    /// <summary>When the window began in which a time is; windows are aligned to the origin.</summary>
    public static long WindowOf(long time, long period)
    {
        var into = time % period;
        return time - (into < 0 ? into + period : into);
    }
}
