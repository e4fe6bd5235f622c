namespace Groundwork.Broker.Groups.Membership;

/// <summary>Where a group stands. The names are Kafka's, and are shown to operators.</summary>
internal enum GroupState
{
    /// <summary>Nobody is in it; it may hold offsets.</summary>
    Empty,

    /// <summary>Its members are asked to join the next generation.</summary>
    PreparingRebalance,

    /// <summary>They have joined; the leader's assignment is awaited, or is being written.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment, or gets it by asking.</summary>
    Stable,

    /// <summary>It is being deleted, or was. There is no way back but a delete that failed.</summary>
    Dead,
}
