using System.Net;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>One request, beside its body: who sent it, over what, and what it stands on. Used by one operation.</summary>
/// <param name="Node">The broker.</param>
/// <param name="Header">The request's header.</param>
/// <param name="Local">The address at which it came in: where the client reaches this node.</param>
/// <param name="Remote">Where it came from.</param>
/// <param name="Cancelled">The connection is gone, or the broker ends.</param>
internal sealed record Call(BrokerNode Node, RequestHeader Header, IPEndPoint Local, IPEndPoint Remote, CancellationToken Cancelled)
{
    private List<IDisposable>? _sent;

    /// <summary>The version in which it was asked and is answered.</summary>
    public short Version => Header.ApiVersion;

    /// <summary>Until when the request's bytes are needed, also after the answer.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>Whether the connection is to be closed after it.</summary>
    public bool Closes { get; set; }

    /// <summary>Gives something back once the answer was sent.</summary>
    public void AfterSending(IDisposable used) => (_sent ??= []).Add(used);

    /// <summary>The answer was sent, or will not be.</summary>
    public void Sent()
    {
        foreach (var used in _sent ?? [])
            used.Dispose();
        _sent = null;
    }
}
