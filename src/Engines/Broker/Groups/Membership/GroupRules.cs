namespace Groundwork.Broker.Groups.Membership;

/// <summary>What all groups of a coordinator go by.</summary>
internal sealed record GroupRules
{
    /// <summary>How long an empty group waits for more members after the first one; 3 s. With every further one it waits as long again, up
    /// to the rebalance's time in all. 0: it does not wait (KIP-134).</summary>
    public int InitialDelayMs { get; init; } = 3000;

    /// <summary>How long a new member's join may wait before it is taken to be gone; 5 minutes.</summary>
    public int NewMemberJoinMs { get; init; } = 300_000;

    /// <summary>Members of a group; 1,000. One more is answered GroupMaxSizeReached. As many again may have been given an id and not have
    /// joined yet.</summary>
    public int MaxMembers { get; init; } = 1000;

    /// <summary>Bytes of what a group's members joined with, and of a generation's assignments with what was chosen of it; 8 MiB each.
    /// Whoever would bring more is answered GroupMaxSizeReached; a generation that needs more fails, and its members are told.</summary>
    public int MaxGroupBytes { get; init; } = 8 << 20;

    /// <summary>Whether commits are taken of a generation that is over; no. A drill takes this protection away, to be seen to fail; no
    /// setting leads here.</summary>
    public bool TakesOldCommits { get; init; }
}
