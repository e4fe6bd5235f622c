using System.Net;
using Groundwork.Broker.Embedded;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker;

/// <summary>
/// A broker of a test suite's own: on a spare port of loopback, for any client of Kafka, and in the process as the Broker port. It starts in milliseconds; each test
/// may have one.
/// </summary>
/// <remarks>
/// It is the broker that the program runs, but for these: in memory nothing outlives it; a group that begins does not wait for more members,
/// and its journal is small. Disposing it ends what is connected to it.
/// </remarks>
public sealed class TestBroker : IAsyncDisposable
{
    private const long JournalBytes = 8 << 20;

    private readonly BrokerNode _node;
    private readonly KafkaServer _server;
    private readonly EmbeddedBroker _broker;

    private TestBroker(BrokerNode node, KafkaServer server)
    {
        (_node, _server, _broker) = (node, server, new EmbeddedBroker(node));
        BootstrapServers = server.Address!.ToString();
    }

    /// <summary>Where it is, as clients of Kafka want it: <c>127.0.0.1:port</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>The same broker in the process, without a socket.</summary>
    public IBroker Broker => _broker;

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it keeps its logs, made if it is not there: one that is started there again has them. Null keeps them in memory.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static async Task<TestBroker> StartAsync(string? folder = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var options = new NodeOptions
        {
            Groups = new GroupLimits { Rules = new GroupRules { InitialDelayMs = 0 } },
            Logs = new LogStoreOptions { JournalBytes = JournalBytes },
        };
        IDisk disk = folder is null ? new MemoryDisk() : new SystemDisk(folder);
        var node = await BrokerNode.OpenAsync(disk, options, time ?? TimeProvider.System, cancellationToken);
        var server = new KafkaServer(node, new ServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        if (server.Start() is { } failure)
        {
            await node.DisposeAsync();
            throw new IOException($"The broker cannot listen: {failure.Message}");
        }

        return new TestBroker(node, server);
    }

    /// <summary>Removes the records of a partition that are before an offset, as retention would.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The first one that is kept, up to the partition's end.</param>
    public async Task DeleteBeforeAsync(string topic, int partition, long offset)
    {
        var log = _node.Topics.Find(topic)?.Find(partition) ?? throw Failures.NoSuchPartition(topic, partition);
        await log.DeleteBeforeAsync(offset);
    }

    /// <summary>Ends it; in a folder, everything that was acknowledged is there.</summary>
    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }
}
