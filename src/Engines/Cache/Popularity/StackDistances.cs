namespace Groundwork.Cache.Popularity;

/// <summary>
/// How many other keys are used between two uses of one: the part of uses that would hit in a cache of any number of entries.
/// </summary>
/// <remarks>
/// Of sampled keys only, as in SHARDS (C. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, "Efficient MRC construction with SHARDS", FAST
/// 2015). Whether the few keys that are used most are among them shifts the whole curve; so, by the correction of that paper, what was
/// seen too little or too much of all uses counts as uses of the nearest distance. That takes in the uses that nobody told, since they
/// followed another in the same tick. Not thread-safe.
/// </remarks>
/// <param name="furthest">The distance from which on it counts as never.</param>
internal sealed class StackDistances(int furthest)
{
    /// <summary>What is kept of all that was counted when <see cref="Expect"/> is called.</summary>
    public const double Kept = 0.95;

    private const int Classes = 1024;

    private readonly double[] _counts = new double[Classes];
    private double _seen;
    private double _expected;

    /// <summary>How many uses were seen, less what was forgotten.</summary>
    public long Samples => (long)_seen;

    /// <summary>A key was used that so many others were used since; -1 for one that was not used before.</summary>
    public void Add(int distance)
    {
        _seen++;
        if (distance >= 0 && distance < furthest)
            _counts[(long)distance * Classes / furthest]++;
    }

    /// <summary>So many uses should have been seen since this was last told. A little of everything is forgotten.</summary>
    public void Expect(double uses)
    {
        _expected = (_expected + uses) * Kept;
        _seen *= Kept;
        foreach (ref var count in _counts.AsSpan())
            count *= Kept;
    }

    /// <summary>How many of the uses that were seen would find their key.</summary>
    /// <param name="entries">In a cache for so many sampled keys.</param>
    public double Hits(double entries)
    {
        var (hits, end) = (0.0, entries * Classes / furthest);
        for (var i = 0; i < Classes && i < end; i++)
            hits += _counts[i] * Math.Min(1, end - i);
        return hits;
    }

    /// <summary>The part of all uses that would find nothing; 1 where nothing was seen.</summary>
    /// <param name="hits">How many of those that were seen would find their key.</param>
    /// <param name="expected">How many uses should have been seen since that was last told.</param>
    public double MissRatio(double hits, double expected)
    {
        expected += _expected;
        return Math.Clamp(1 - ((hits + expected - _seen) / Math.Max(expected, 1)), 0, 1);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _counts.AsSpan().Clear();
        (_seen, _expected) = (0, 0);
    }
}
