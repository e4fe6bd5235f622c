namespace Groundwork.Broker.Groups.Membership;

/// <summary>What of a group is written down when a generation is assigned, or when nobody is left: enough to be Stable, or Empty, after a
/// restart.</summary>
internal sealed record GroupSnapshot
{
    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    /// <summary>The group's kind; empty where no member ever told.</summary>
    public required string ProtocolType { get; init; }

    /// <summary>The generation.</summary>
    public required int Generation { get; init; }

    /// <summary>The way to assign that was chosen; null in an empty group.</summary>
    public string? Protocol { get; init; }

    /// <summary>Who assigned; null in an empty group.</summary>
    public string? Leader { get; init; }

    /// <summary>Since when it has been in its state, in Unix milliseconds; -1 in records of old.</summary>
    public long StateSinceUnixMs { get; init; } = -1;

    /// <summary>Everybody, in the order in which they came.</summary>
    public IReadOnlyList<MemberSnapshot> Members { get; init; } = [];
}

/// <summary>What of a member is written down.</summary>
internal sealed record MemberSnapshot
{
    /// <summary>Who it is.</summary>
    public required MemberIdentity Identity { get; init; }

    /// <summary>The client's name for itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where it called from.</summary>
    public required string ClientHost { get; init; }

    /// <summary>How long it may be silent.</summary>
    public required int SessionTimeoutMs { get; init; }

    /// <summary>How long it may take to join again.</summary>
    public required int RebalanceTimeoutMs { get; init; }

    /// <summary>What it subscribes to, by the chosen way to assign.</summary>
    public required ReadOnlyMemory<byte> Subscription { get; init; }

    /// <summary>What the leader gave it.</summary>
    public required ReadOnlyMemory<byte> Assignment { get; init; }
}
