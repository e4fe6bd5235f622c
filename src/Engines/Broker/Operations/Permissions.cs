namespace Groundwork.Broker.Operations;

/// <summary>What a caller may do, as answers say it: a bit for each of Kafka's operations. Without access control, everything that there is to do.</summary>
internal static class Permissions
{
    /// <summary>That nobody asked.</summary>
    public const int NotAsked = int.MinValue;

    private const int Read = 1 << 3;
    private const int Write = 1 << 4;
    private const int Create = 1 << 5;
    private const int Delete = 1 << 6;
    private const int Alter = 1 << 7;
    private const int Describe = 1 << 8;
    private const int ClusterAction = 1 << 9;
    private const int DescribeConfigs = 1 << 10;
    private const int AlterConfigs = 1 << 11;
    private const int IdempotentWrite = 1 << 12;

    /// <summary>On a topic.</summary>
    public const int OnTopic = Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs;

    /// <summary>On a consumer group.</summary>
    public const int OnGroup = Read | Delete | Describe;

    /// <summary>On the cluster.</summary>
    public const int OnCluster = Create | Alter | Describe | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite;
}
