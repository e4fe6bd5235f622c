using System.Net;

namespace Groundwork.Cache.Resp;

/// <summary>What listens, as the commands that ask about it and set it see it. Thread-safe.</summary>
internal interface IServer
{
    /// <summary>What is listened on.</summary>
    IReadOnlyList<EndPoint> Addresses { get; }

    /// <summary>What clients may take; what is put in its place is seen by all within a second.</summary>
    ClientLimits Limits { get; set; }

    /// <summary>After how many silent seconds a connection is asked whether it is there; 0: never.</summary>
    int KeepAliveSeconds { get; }

    /// <summary>What happened so far.</summary>
    ServerCounters Count();
}
