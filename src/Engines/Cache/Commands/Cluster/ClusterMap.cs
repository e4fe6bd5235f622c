using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Commands.Cluster;

/// <summary>
/// Which node has which slot, from one node's point of view. Immutable; a newer one has a higher epoch.
/// </summary>
internal sealed class ClusterMap
{
    /// <summary>How many nodes there may be, as Redis Cluster is made for.</summary>
    public const int MaxNodes = 1_000;

    private readonly ClusterNode[] _owners = new ClusterNode[KeySlot.Count];

    private ClusterMap(long epoch, ClusterNode self, ClusterNode[] nodes) => (Epoch, Self, Nodes) = (epoch, self, nodes);

    /// <summary>Its number: 1 or more.</summary>
    public long Epoch { get; }

    /// <summary>The node that has this map.</summary>
    public ClusterNode Self { get; }

    /// <summary>All nodes, in the order in which they were given.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>The node that has a slot.</summary>
    public ClusterNode OwnerOf(int slot) => _owners[slot];

    /// <summary>Whether a slot is this node's own.</summary>
    public bool IsOwn(int slot) => ReferenceEquals(_owners[slot], Self);

    /// <summary>Whether this node is a copy of the one that has a slot.</summary>
    public bool IsCopied(int slot) => Self.PrimaryId == _owners[slot].Id;

    /// <summary>The nodes that are copies of one.</summary>
    public IEnumerable<ClusterNode> ReplicasOf(ClusterNode primary) => Nodes.Where(n => n.PrimaryId == primary.Id);

    /// <summary>Runs of slots that one node has, in the order of the slots.</summary>
    public IEnumerable<(SlotRange Range, ClusterNode Owner)> Runs()
    {
        var first = 0;
        for (var slot = 1; slot <= KeySlot.Count; slot++)
        {
            if (slot < KeySlot.Count && ReferenceEquals(_owners[slot], _owners[first]))
                continue;
            yield return (new SlotRange(first, slot - 1), _owners[first]);
            first = slot;
        }
    }

    /// <summary>Puts a map together, or says why it is none.</summary>
    /// <param name="epoch">Its number.</param>
    /// <param name="selfId">Which of the nodes has it.</param>
    /// <param name="nodes">All nodes: together their slots are all slots, each once.</param>
    /// <param name="error">What is wrong; null where nothing is.</param>
    public static ClusterMap? TryMake(long epoch, string selfId, ClusterNode[] nodes, out string? error)
    {
        error = null;
        var byId = new Dictionary<string, ClusterNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!byId.TryAdd(node.Id, node))
                error ??= $"node {node.Id} is given twice";
        }

        var self = byId.GetValueOrDefault(selfId);
        if (self is null)
            error ??= "MYID is none of the nodes";
        foreach (var node in nodes.Where(n => n.IsReplica))
        {
            if (byId.GetValueOrDefault(node.PrimaryId!) is not { IsReplica: false })
                error ??= $"node {node.Id} is a replica of no primary";
        }

        if (error is not null)
            return null;
        var map = new ClusterMap(epoch, self!, nodes);
        error = map.Assign();
        return error is null ? map : null;
    }

    private string? Assign()
    {
        foreach (var node in Nodes)
        {
            foreach (var range in node.Slots)
            {
                for (var slot = range.First; slot <= range.Last; slot++)
                {
                    if (_owners[slot] is not null)
                        return $"Slot {slot} specified multiple times";
                    _owners[slot] = node;
                }
            }
        }

        return Array.IndexOf(_owners, null) is var free and >= 0 ? $"slot {free} has no node" : null;
    }
}
