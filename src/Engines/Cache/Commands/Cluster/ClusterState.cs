namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// What this node knows of a cluster: nothing, at first, and then all keys are its own and nothing is checked.
/// </summary>
/// <remarks>The map is changed with every shard's lock held, and looked at by commands with the locks of their keys held: so whoever was let
/// in under the old one has ended when the new one is in force.</remarks>
internal sealed class ClusterState
{
    private volatile ClusterMap? _map;

    /// <summary>Whether there is a cluster.</summary>
    public bool IsOn => _map is not null;

    /// <summary>The map in force; null where there is no cluster.</summary>
    public ClusterMap? Map
    {
        get => _map;
        set => _map = value;
    }

    /// <summary>Whether this node is a copy of another.</summary>
    public bool IsReplica => _map is { Self.IsReplica: true };
}
