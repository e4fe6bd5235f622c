namespace Groundwork.Cache.Commands.Cluster;

/// <summary>A node of a cluster.</summary>
/// <param name="Id">Its name: 40 hexadecimal digits, as in Redis.</param>
/// <param name="Host">Where clients reach it.</param>
/// <param name="Port">At which port.</param>
/// <param name="PrimaryId">Whose copy it is; null where it is a primary.</param>
/// <param name="Slots">The slots that it has, in their order; none where it is a replica.</param>
internal sealed record ClusterNode(string Id, string Host, int Port, string? PrimaryId, IReadOnlyList<SlotRange> Slots)
{
    /// <summary>The length of a name.</summary>
    public const int IdLength = 40;

    /// <summary>Whether it is a copy of another.</summary>
    public bool IsReplica => PrimaryId is not null;

    /// <summary>How many slots it has.</summary>
    public int SlotCount => Slots.Sum(s => s.Count);
}
