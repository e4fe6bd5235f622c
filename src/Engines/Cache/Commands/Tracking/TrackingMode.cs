namespace Groundwork.Cache.Commands.Tracking;

/// <summary>Which keys a client is told of.</summary>
[Flags]
internal enum TrackingMode
{
    /// <summary>Those that it has read.</summary>
    None = 0,

    /// <summary>All that begin with its prefixes, read or not (BCAST).</summary>
    Broadcast = 1,

    /// <summary>Those that it reads right after <c>CLIENT CACHING YES</c> only (OPTIN).</summary>
    OptIn = 1 << 1,

    /// <summary>Those that it reads, but right after <c>CLIENT CACHING NO</c> (OPTOUT).</summary>
    OptOut = 1 << 2,

    /// <summary>Not of what it changes itself (NOLOOP).</summary>
    NoLoop = 1 << 3,
}
