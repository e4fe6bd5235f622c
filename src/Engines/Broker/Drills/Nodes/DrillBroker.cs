using System.Collections.Concurrent;
using System.Net;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Drills.Nodes;

/// <summary>A broker in the drill's own process, served on a spare port. Disposing it ends it in order.</summary>
internal sealed class DrillBroker : IAsyncDisposable
{
    private readonly KafkaServer _server;

    private DrillBroker(BrokerNode node, KafkaServer server, ConcurrentQueue<string> reports) =>
        (Node, _server, Reports) = (node, server, reports);

    /// <summary>The broker.</summary>
    public BrokerNode Node { get; }

    /// <summary>What it reported of its logs, and why it closed connections on clients.</summary>
    public ConcurrentQueue<string> Reports { get; }

    /// <summary>Where it listens.</summary>
    public int Port => _server.Address!.Port;

    /// <summary>How many clients are connected.</summary>
    public int Connected => _server.Connected;

    /// <summary>Opens what is on a disk, and serves it.</summary>
    /// <param name="disk">Where its files are.</param>
    /// <param name="options">How it is kept; its reports are collected.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="stall">How long an answer may take to be taken.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<DrillBroker> OpenAsync(
        IDisk disk, NodeOptions options, TimeProvider time, TimeSpan stall, CancellationToken cancellationToken)
    {
        var reports = new ConcurrentQueue<string>();
        var logs = options.Logs with { Report = (place, what) => reports.Enqueue($"{place.Name}: {what}") };
        var node = await BrokerNode.OpenAsync(disk, options with { Logs = logs }, time, cancellationToken);
        var server = new KafkaServer(node, new ServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Stall = stall,
            OnClosed = (_, reason) => reports.Enqueue(reason),
        });
        if (server.Start() is not { } failure)
            return new DrillBroker(node, server, reports);
        await node.DisposeAsync();
        throw new InvalidOperationException(failure.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Node.DisposeAsync();
    }
}
