namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Traces that share a budget: so many begin a second, so many are under way, and so much memory is for those that have ended, of which
/// the oldest go first. Beginning is safe for concurrent use; the rest is for one at a time.
/// </summary>
internal sealed class TraceShelf(int perSecond, int maxUnderWay, long maxBytes, TimeProvider time)
{
    private readonly Queue<(RecentTrace Trace, int Bytes)> _ended = new();
    private long _bytes;
    private long _second;
    private int _begunThisSecond;
    private int _underWay;

    /// <summary>Those that have ended, the first to end first.</summary>
    public IEnumerable<RecentTrace> Traces => _ended.Select(e => e.Trace);

    /// <summary>Takes one of this second's places; where it was had, <see cref="Leave"/> is owed.</summary>
    public bool TryBegin()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, second) != second)
            Volatile.Write(ref _begunThisSecond, 0);
        if (Volatile.Read(ref _begunThisSecond) >= perSecond || Volatile.Read(ref _underWay) >= maxUnderWay
            || Interlocked.Increment(ref _begunThisSecond) > perSecond)
            return false;
        Interlocked.Increment(ref _underWay);
        return true;
    }

    /// <summary>One is not under way any more.</summary>
    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Keeps one that has ended.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="bytes">How much memory it takes, about.</param>
    public void Keep(RecentTrace trace, int bytes)
    {
        _ended.Enqueue((trace, bytes));
        _bytes += bytes;
        while (_bytes > maxBytes)
            Forget();
        ForgetOld();
    }

    /// <summary>Lets go of those that are too old.</summary>
    public void ForgetOld()
    {
        var oldest = time.GetUtcNow() - RecentTraces.MaxAge;
        while (_ended.TryPeek(out var first) && first.Trace.Start < oldest)
            Forget();
    }

    private void Forget() => _bytes -= _ended.Dequeue().Bytes;
}
