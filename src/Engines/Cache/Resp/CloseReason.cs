namespace Groundwork.Cache.Resp;

/// <summary>Why a connection ended.</summary>
internal enum CloseReason
{
    /// <summary>The client closed it, or the network did.</summary>
    ByClient,

    /// <summary>The session ended it: QUIT.</summary>
    BySession,

    /// <summary>Another client ended it: CLIENT KILL.</summary>
    Killed,

    /// <summary>What came was not the protocol.</summary>
    ProtocolError,

    /// <summary>The client spoke HTTP.</summary>
    Http,

    /// <summary>It was idle for too long.</summary>
    Idle,

    /// <summary>A request was larger than is taken.</summary>
    InputLimit,

    /// <summary>More was to be sent than is kept for a client that does not read.</summary>
    OutputLimit,

    /// <summary>All clients together held too much memory, and this one the most.</summary>
    MemoryLimit,

    /// <summary>A command failed in a way that nobody expected.</summary>
    Failure,

    /// <summary>The server stops.</summary>
    Stopping,
}
