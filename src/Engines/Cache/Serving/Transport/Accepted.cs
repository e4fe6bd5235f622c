namespace Groundwork.Cache.Serving.Transport;

/// <summary>What came of accepting.</summary>
internal enum Accepted
{
    /// <summary>A connection.</summary>
    Connection,

    /// <summary>None waits.</summary>
    None,

    /// <summary>One that was gone again; there may be more.</summary>
    Failed,

    /// <summary>The system has no more sockets or memory for us: later.</summary>
    Exhausted,
}
