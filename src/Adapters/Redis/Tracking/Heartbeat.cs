namespace Groundwork.Redis.Tracking;

/// <summary>
/// Up to when everything was told, by questions and answers on the connection that tells.
/// </summary>
/// <remarks>
/// Redis answers a question, and only at the end of that turn of its loop tells what was changed in the turn. So an answer
/// vouches not for the time when its own question was sent but for that of the one before, which was answered in an earlier turn.
/// One question is under way at a time. <see cref="Silence"/> may be read by anybody, all else by one after the other.
/// </remarks>
internal sealed class Heartbeat(TimeProvider time)
{
    private long _heardUpTo;
    private long _before;
    private long _sent;

    /// <summary>Whether a question waits for its answer.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>How long the question under way has waited.</summary>
    public TimeSpan Waited => time.GetElapsedTime(_sent);

    /// <summary>How long ago the moment is up to which everything was told; null while there was none.</summary>
    public TimeSpan? Silence => Volatile.Read(ref _heardUpTo) is not 0 and var at ? time.GetElapsedTime(at) : null;

    /// <summary>What was changed before now no longer matters: everything was forgotten, and changes are told.</summary>
    public void Begin() => _sent = time.GetTimestamp();

    /// <summary>A question is about to be sent.</summary>
    public void Ask()
    {
        _before = _sent;
        _sent = time.GetTimestamp();
        IsWaiting = true;
    }

    /// <summary>The answer has come.</summary>
    public void Answered()
    {
        IsWaiting = false;
        Volatile.Write(ref _heardUpTo, _before);
    }
}
