namespace Groundwork.Primitives.Concurrency;

/// <summary>
/// Stands before something that may be down, so that what is down is not asked by everybody all the time: the circuit breaker of
/// M. Nygard, "Release It!" (2007).
/// </summary>
/// <remarks>
/// <para>Closed, every call may go; after <paramref name="failures"/> failures in a row it opens. Open, no call may. Once it was open for
/// <paramref name="pause"/>, one call at a time may try: if that succeeds it closes, if it fails it stays open for another pause. A try whose
/// end is never reported counts as failed after a pause of its own.</para>
/// <para>Pure: it knows the time from its callers, in ticks of a clock that never runs back. Safe for concurrent use; while it is closed and
/// nothing fails, a call costs two reads.</para>
/// </remarks>
/// <param name="failures">How many in a row open it; at least 1.</param>
/// <param name="pause">How long it stays open, in the clock's ticks; above 0.</param>
public sealed class Breaker(int failures, long pause)
{
    private readonly Lock _gate = new();
    private readonly int _failures = failures > 0 ? failures : throw new ArgumentOutOfRangeException(nameof(failures), failures, "At least one.");
    private readonly long _pause = pause > 0 ? pause : throw new ArgumentOutOfRangeException(nameof(pause), pause, "Above zero.");
    private volatile bool _isOpen;
    private volatile int _inARow;
    private long _nextTry;

    /// <summary>Whether calls are held back.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether a call may go now; whoever was told so reports how it ended.</summary>
    public bool MayCall(long now)
    {
        if (!_isOpen)
            return true;
        lock (_gate)
        {
            if (!_isOpen)
                return true;
            if (now < _nextTry)
                return false;
            _nextTry = now + _pause;
            return true;
        }
    }

    /// <summary>A call succeeded.</summary>
    public void Succeeded()
    {
        if (_inARow == 0)
            return;
        lock (_gate)
            (_inARow, _isOpen) = (0, false);
    }

    /// <summary>A call failed.</summary>
    public void Failed(long now)
    {
        lock (_gate)
        {
            _inARow = Math.Min(_inARow + 1, _failures);
            if (_inARow < _failures)
                return;
            _isOpen = true;
            _nextTry = now + _pause;
        }
    }
}
