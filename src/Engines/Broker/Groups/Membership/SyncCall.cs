namespace Groundwork.Broker.Groups.Membership;

/// <summary>A member asks for its assignment; the leader brings everybody's.</summary>
internal sealed record SyncCall
{
    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    /// <summary>Who asks.</summary>
    public required MemberIdentity Identity { get; init; }

    /// <summary>The generation that it joined.</summary>
    public required int Generation { get; init; }

    /// <summary>What it takes the group's kind for; null from clients that do not say.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>What it takes the chosen way to assign for; null from clients that do not say.</summary>
    public string? Protocol { get; init; }

    /// <summary>What the leader assigned; a member that is not named gets nothing.</summary>
    public IReadOnlyList<MemberAssignment> Assignments { get; init; } = [];
}

/// <summary>What the leader gave a member. It is kept, and must not change.</summary>
internal readonly record struct MemberAssignment(string MemberId, ReadOnlyMemory<byte> Assignment);
