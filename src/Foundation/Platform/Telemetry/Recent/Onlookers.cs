namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Whether somebody looks. A page that shows what happens now says so again and again; what costs something is only done while
/// it does. Safe for concurrent use.
/// </summary>
public sealed class Onlookers(TimeProvider time)
{
    /// <summary>How long one look lasts.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _lastLook;
    private volatile bool _looked;

    /// <summary>Raised by a look after nobody looked, on the thread of who looks.</summary>
    internal event Action? Began;

    /// <summary>Whether there was a look within <see cref="Patience"/>.</summary>
    public bool Any => _looked && time.GetElapsedTime(Volatile.Read(ref _lastLook)) < Patience;

    /// <summary>Somebody looks now; to be said again within <see cref="Patience"/>.</summary>
    public void Look()
    {
        var begins = !Any;
        Volatile.Write(ref _lastLook, time.GetTimestamp());
        _looked = true;
        if (begins)
            Began?.Invoke();
    }
}
