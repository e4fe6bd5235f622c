using System.Collections.Concurrent;
using System.Net;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Protocol;

namespace Groundwork.Broker.Tests;

/// <summary>
/// A broker on a spare port, put together as the module does it: in memory, or on a disk of the test's. When it ends it says if an
/// operation failed in a way that nobody foresaw, which no client may bring about.
/// </summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly List<WireClient> _clients = [];

    private RunningBroker(BrokerNode node, ServerOptions options)
    {
        Node = node;
        Server = new KafkaServer(node, options with { OnFailure = _failures.Enqueue, OnClosed = (_, reason) => Closed.Enqueue(reason) });
        Assert.Null(Server.Start());
    }

    public BrokerNode Node { get; }

    public KafkaServer Server { get; }

    /// <summary>Why the server closed connections.</summary>
    public ConcurrentQueue<string> Closed { get; } = new();

    public IPEndPoint Address => Server.Address!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningBroker> StartAsync(NodeOptions? node = null, ServerOptions? server = null, IDisk? disk = null, TimeProvider? time = null) => new(
        await BrokerNode.OpenAsync(disk ?? new MemoryDisk(), (node ?? new NodeOptions()) with { Groups = Prompt }, time ?? TimeProvider.System, Cancellation),
        server ?? Loopback);

    // A first member does not wait for others.
    private static GroupLimits Prompt => new() { Rules = new GroupRules { InitialDelayMs = 0 } };

    /// <summary>On a spare port.</summary>
    public static ServerOptions Loopback => new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    /// <summary>A client, which goes with the broker.</summary>
    public async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.ConnectAsync(Address, Cancellation);
        _clients.Add(client);
        return client;
    }

    /// <summary>Makes a topic.</summary>
    public Topics.Topic Create(string name, int partitions = 1, params (string Name, string Value)[] settings)
    {
        var (topic, fault) = Node.Topics.Create(name, partitions, System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, settings.Select(s => KeyValuePair.Create(s.Name, s.Value))));
        Assert.Null(fault);
        return topic!;
    }

    /// <summary>Appends texts to a partition, durably, as one batch; returns the first one's offset.</summary>
    public async Task<long> AppendAsync(string topic, int partition, params string[] values)
    {
        var result = Node.Topics.Find(topic)!.Partitions[partition].Append(TestBatches.Of(values, Node.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        Assert.Null(result.Fault);
        await result.Round!.Durable;
        return result.BaseOffset;
    }

    /// <summary>No operation has failed in a way that nobody foresaw.</summary>
    public void AssertNoFailure() => Assert.True(_failures.IsEmpty, string.Join('\n', _failures));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Server.DisposeAsync();
        await Node.DisposeAsync();
        AssertNoFailure();
    }
}

/// <summary>Requests as tests need them most: of one partition.</summary>
internal static class Requests
{
    public static ProduceRequest Produce(string topic, int partition, ReadOnlyMemory<byte> batch, short acks = -1, int timeoutMs = 30_000) => new()
    {
        Acks = acks,
        TimeoutMs = timeoutMs,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = new RecordBytes(batch) }] }],
    };

    public static FetchRequest Fetch(string topic, int partition, long offset, int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1 << 20, int partitionBytes = 1 << 20) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = minBytes,
        MaxBytes = maxBytes,
        Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = partitionBytes }] }],
    };

    /// <summary>The newest version of Fetch in which topics have names.</summary>
    public const short FetchByName = 12;

    /// <summary>What a fetch of one partition gave.</summary>
    public static FetchResponse.PartitionData One(this FetchResponse response) => response.Responses[0].Partitions[0];

    /// <summary>What a produce to one partition gave.</summary>
    public static ProduceResponse.PartitionProduceResponse One(this ProduceResponse response) => response.Responses[0].PartitionResponses[0];

    /// <summary>The values of what a fetch gave.</summary>
    public static IEnumerable<string> Values(this FetchResponse.PartitionData data) =>
        data.Records.IsNull ? [] : TestBatches.Read(data.Records.Join()).Select(record => record.Value);

    /// <summary>A batch with a header that is damaged somewhere, and sealed again.</summary>
    public static byte[] Changed(byte[] batch, Action<byte[]> change, bool seal = true)
    {
        change(batch);
        if (seal)
            RecordBatch.Seal(batch);
        return batch;
    }
}
