namespace Groundwork.Cache.Leases;

/// <summary>
/// The names of leases, none of which is given twice: they count on from a number that is random to each run, so that one from before
/// a restart is none after it either. Thread-safe.
/// </summary>
internal sealed class LeaseTokens(Random random)
{
    private long _last = random.NextInt64(1, 1L << 62);

    /// <summary>The next one; above 0.</summary>
    public long Next() => Interlocked.Increment(ref _last);
}
