using Groundwork.Broker.Groups;
using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Node;

/// <summary>How a node keeps its logs and what it allows.</summary>
internal sealed record NodeOptions
{
    /// <summary>Its number in the cluster.</summary>
    public int NodeId { get; init; } = 1;

    /// <summary>How many partitions a topic has where nobody says so.</summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Whether a topic is made when a client first names it.</summary>
    public bool CreatesTopics { get; init; } = true;

    /// <summary>How many partitions there may be.</summary>
    public int MaxPartitions { get; init; } = 10_000;

    /// <summary>How many bytes requests in flight may take together.</summary>
    public long RequestMemory { get; init; } = 256L << 20;

    /// <summary>How long the longest answer to a fetch is, but for one batch that is longer.</summary>
    public int MaxFetchBytes { get; init; } = 8 << 20;

    /// <summary>How long an idempotent producer is remembered that sends nothing.</summary>
    public TimeSpan ProducerLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often retention looks for what to remove.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What consumer groups may take.</summary>
    public GroupLimits Groups { get; init; } = new();

    /// <summary>How logs are kept.</summary>
    public LogStoreOptions Logs { get; init; } = new();
}
