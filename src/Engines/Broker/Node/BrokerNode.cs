using System.Text;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Node.Loads;
using Groundwork.Broker.Storage;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Node;

/// <summary>A broker without its sockets: what its protocol, the port in the process and the console all stand on. Safe for concurrent callers.</summary>
internal sealed class BrokerNode : IAsyncDisposable
{
    private const string ClusterPath = "cluster-id";

    private readonly LogStore _logs;
    private readonly RetentionSweep _retention;

    private BrokerNode(IDisk disk, NodeOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        Topics = new TopicCatalog(disk, options.MaxPartitions);
        disk.CreateFolder("");
        ClusterId = ReadClusterId(disk);
        ProducerIds = new ProducerIds(disk);
        Memory = new MemoryBudget(options.RequestMemory / 2);
        AnswerMemory = new MemoryBudget(options.RequestMemory / 2);
        FetchSessions = new FetchSessions(time);
        _logs = Topics.Open(options.Logs, time);
        Loads = new LoadWatch(Topics, time);
        var groupLog = new GroupLog(Topics, time);
        Groups = new GroupCoordinator(
            options.Groups, groupLog, partition => Topics.Find(partition.Topic)?.Find(partition.Partition) is not null, time, Guid.NewGuid);
        _retention = new RetentionSweep(_logs, () => groupLog.RewriteAsync(Groups), options, time);
    }

    /// <summary>How it was set up.</summary>
    public NodeOptions Options { get; }

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The cluster's id: 22 characters, drawn when it was first started.</summary>
    public string ClusterId { get; }

    /// <summary>Its topics.</summary>
    public TopicCatalog Topics { get; }

    /// <summary>Its logs.</summary>
    public LogStore Logs => _logs;

    /// <summary>Numbers for producers.</summary>
    public ProducerIds ProducerIds { get; }

    /// <summary>What requests in flight may take: half of what is allowed.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>What answers to fetches may take: the other half, since a request that holds memory must not wait for more of the same.</summary>
    public MemoryBudget AnswerMemory { get; }

    /// <summary>What consumers said that they read.</summary>
    public FetchSessions FetchSessions { get; }

    /// <summary>Which partitions are hot.</summary>
    public LoadWatch Loads { get; }

    /// <summary>Its consumer groups.</summary>
    public GroupCoordinator Groups { get; }

    /// <summary>Opens what is on a disk, and makes it whole where a crash left it in pieces.</summary>
    /// <exception cref="InvalidDataException">Something that was written cannot be read.</exception>
    public static async Task<BrokerNode> OpenAsync(IDisk disk, NodeOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var node = new BrokerNode(disk, options, time);
        await node.Groups.StartAsync(cancellationToken);
        return node;
    }

    /// <summary>A topic was deleted: no group remembers how far it has read it.</summary>
    public Task ForgetAsync(Topic topic, CancellationToken cancellationToken) => Groups.ForgetTopicAsync(topic.Name).WaitAsync(cancellationToken);

    /// <summary>Ends it; what was acknowledged is on the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _retention.DisposeAsync();
        await Groups.DisposeAsync();
        await _logs.DisposeAsync();
    }

    private static string ReadClusterId(IDisk disk)
    {
        if (disk.Read(ClusterPath) is { Length: > 0 } known)
            return Encoding.ASCII.GetString(known);
        var drawn = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        disk.Replace(ClusterPath, Encoding.ASCII.GetBytes(drawn));
        return drawn;
    }
}
