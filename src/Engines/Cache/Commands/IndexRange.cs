namespace Groundwork.Cache.Commands;

/// <summary>Ranges of indexes as commands take them: negative ones from the end, both ends included.</summary>
internal static class IndexRange
{
    /// <summary>Makes a range one of what is there.</summary>
    /// <param name="start">The first; then from the front, and within the count where the range is not empty.</param>
    /// <param name="stop">The last.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>How many the range has.</returns>
    public static long Clamp(ref long start, long stop, long count)
    {
        if (start < 0)
            start = Math.Max(0, start + count);
        if (stop < 0)
            stop += count;
        return Math.Max(0, Math.Min(stop, count - 1) - start + 1);
    }
}
