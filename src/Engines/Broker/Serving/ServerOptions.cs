using System.Net;

namespace Groundwork.Broker.Serving;

/// <summary>How clients are served.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>How many clients may be connected; the next one is closed at once.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>How long a request may be, in bytes.</summary>
    public int MaxRequestBytes { get; init; } = 100 << 20;

    /// <summary>How many answers of one connection may be under way: producers send the next batch before the last one is durable.</summary>
    public int Pipelined { get; init; } = 32;

    /// <summary>After how long without a request a connection is closed.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a request may take to come, once it has begun, and an answer to be taken.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Is told why a connection was closed on a client.</summary>
    public Action<EndPoint?, string> OnClosed { get; init; } = (_, _) => { };

    /// <summary>Is told of an operation that failed in a way that nobody foresaw.</summary>
    public Action<Exception> OnFailure { get; init; } = _ => { };
}
