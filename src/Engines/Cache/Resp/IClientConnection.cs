using System.Net;

namespace Groundwork.Cache.Resp;

/// <summary>
/// A connection as its session sees it. What says "any thread" may be called from any, also after the connection ended, and
/// then does nothing; the rest belongs to <see cref="ClientSession.OnCommand"/>.
/// </summary>
internal interface IClientConnection
{
    /// <summary>Counted from 1, never used twice. Any thread.</summary>
    long Id { get; }

    /// <summary>Any thread.</summary>
    EndPoint? RemoteAddress { get; }

    /// <summary>Any thread.</summary>
    EndPoint? LocalAddress { get; }

    /// <summary>Any thread.</summary>
    DateTimeOffset ConnectedAt { get; }

    /// <summary>When the client last sent something. Any thread.</summary>
    DateTimeOffset LastInteraction { get; }

    /// <summary>Bytes of a request that has not come whole, and the room kept for it. Any thread, about.</summary>
    (int Used, int Room) InputBytes { get; }

    /// <summary>Bytes still to be sent. Any thread, about.</summary>
    long OutputBytes { get; }

    /// <summary>All the memory that the connection holds beside its session. Any thread, about.</summary>
    long MemoryBytes { get; }

    /// <summary>Whether the client has said who it is; before, large requests are refused. True at first.</summary>
    bool IsAuthenticated { get; set; }

    /// <summary>Decides how much may wait to be sent. Normal at first.</summary>
    ClientKind Kind { get; set; }

    /// <summary>Takes no further command until <see cref="Resume"/>.</summary>
    void Pause();

    /// <summary>Goes on after a pause, behind all that was posted before. Any thread.</summary>
    void Resume();

    /// <summary>Takes no further command, and ends the connection once all replies are sent.</summary>
    void CloseAfterReply();

    /// <summary>
    /// Sends bytes that are whole replies or pushes, after the reply of a command that runs now, in the order of the calls.
    /// False where the connection has ended, is to end, or ends with this, because more waits than its kind may have. Any thread.
    /// </summary>
    bool Post(ReadOnlySpan<byte> bytes);

    /// <summary>Ends the connection; what waits is not sent. Any thread.</summary>
    void Close(CloseReason reason);
}
