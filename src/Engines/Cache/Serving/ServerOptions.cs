using System.Net;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Serving;

/// <summary>What is decided when a server starts.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where it listens: addresses with ports, 0 for one that the system chooses, or paths of Unix sockets.</summary>
    public required IReadOnlyList<EndPoint> Listen { get; init; }

    /// <summary>How many threads serve connections, each its own.</summary>
    public int Loops { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>How many connections may wait to be accepted. <c>tcp-backlog</c>.</summary>
    public int Backlog { get; init; } = 511;

    /// <summary>A connection that is silent for so long is asked whether it is there; 0: never. <c>tcp-keepalive</c>.</summary>
    public int KeepAliveSeconds { get; init; } = 300;

    public ClientLimits Limits { get; init; } = new();

    /// <summary>Told of an exception that a command let through; its client is closed, nobody else notices.</summary>
    public Action<Exception>? OnFailure { get; init; }
}
