using System.Net;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>A socket that takes connections.</summary>
internal abstract class Listener : Pollable
{
    /// <summary>What was bound, with the port that the system chose where 0 was asked for.</summary>
    public abstract EndPoint Address { get; }

    /// <summary>Takes the next connection, if one waits.</summary>
    public abstract Accepted Accept(out Channel? channel);
}
