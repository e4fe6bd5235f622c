using Groundwork.Broker.Groups.Storage;

namespace Groundwork.Broker.Groups;

/// <summary>What all groups of a coordinator share.</summary>
internal sealed record GroupHouse
{
    /// <summary>How much groups may take.</summary>
    public required GroupLimits Limits { get; init; }

    /// <summary>Their log.</summary>
    public required IGroupStore Store { get; init; }

    /// <summary>Their time.</summary>
    public required GroupClock Clock { get; init; }

    /// <summary>Their timer.</summary>
    public required GroupDeadlines Deadlines { get; init; }

    /// <summary>What members' ids are made unique by.</summary>
    public required Func<Guid> NewGuid { get; init; }

    /// <summary>Takes a dead group out; called in its turn.</summary>
    public required Action<GroupCell> Remove { get; init; }
}
