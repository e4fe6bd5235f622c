namespace Groundwork.Redis;

/// <summary>
/// How many calls, and how many bytes of theirs, the server may owe an answer at once. What comes beyond is refused, not queued: where a
/// server hangs each caller leaves after its time, but what it sent stays in the driver until the connection is given up.
/// </summary>
/// <remarks>A place is left when the answer has come or the driver has given the call up, not when its caller leaves. Thread-safe.</remarks>
internal sealed class CallGate(int calls, long bytes)
{
    private int _calls;
    private long _bytes;

    /// <summary>Takes a place, unless there is none. One call may always bring as much as it will.</summary>
    public bool TryEnter(long size)
    {
        var before = Interlocked.Increment(ref _calls) - 1;
        var sum = Interlocked.Add(ref _bytes, size);
        if (before < calls && (sum <= bytes || before == 0))
            return true;
        Leave(size);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(long size)
    {
        Interlocked.Decrement(ref _calls);
        Interlocked.Add(ref _bytes, -size);
    }
}
