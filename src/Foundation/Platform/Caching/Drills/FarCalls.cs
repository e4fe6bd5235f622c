namespace Groundwork.Platform.Caching.Drills;

/// <summary>The calls that reach a shared cache's adapter: those that nothing before it held back. Safe for concurrent use.</summary>
internal sealed class FarCalls
{
    private long _made;
    private long _answered;
    private long _failed;
    private long _failedSoon;

    /// <summary>What of a failed call counts as soon: ten times what it may take, room for a machine that does other things.</summary>
    public static TimeSpan Soon { get; } = 10 * Ports.Caching.CacheSettings.Timeout.Default;

    /// <summary>Up to now.</summary>
    public FarCallCounts Counts => new(
        Interlocked.Read(ref _made), Interlocked.Read(ref _answered), Interlocked.Read(ref _failed), Interlocked.Read(ref _failedSoon));

    /// <summary>One begins.</summary>
    public void Begin() => Interlocked.Increment(ref _made);

    /// <summary>One was answered.</summary>
    public void Answered() => Interlocked.Increment(ref _answered);

    /// <summary>One failed.</summary>
    public void Failed(TimeSpan took)
    {
        Interlocked.Increment(ref _failed);
        if (took <= Soon)
            Interlocked.Increment(ref _failedSoon);
    }
}

/// <summary>How many calls there were.</summary>
/// <param name="Made">All of them.</param>
/// <param name="Answered">Those that were answered.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="FailedSoon">Those that failed within <see cref="FarCalls.Soon"/>.</param>
internal readonly record struct FarCallCounts(long Made, long Answered, long Failed, long FailedSoon)
{
    /// <summary>Those that were made in vain. A server that is being hung may still answer for a moment.</summary>
    public long InVain => Made - Answered;

    /// <summary>Those since an earlier moment.</summary>
    public static FarCallCounts operator -(FarCallCounts now, FarCallCounts before) => new(
        now.Made - before.Made, now.Answered - before.Answered, now.Failed - before.Failed, now.FailedSoon - before.FailedSoon);
}
