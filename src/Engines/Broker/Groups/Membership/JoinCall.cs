namespace Groundwork.Broker.Groups.Membership;

/// <summary>A member asks to be in the group's next generation.</summary>
internal sealed record JoinCall
{
    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    /// <summary>Who joins; without a member's id for the first time.</summary>
    public MemberIdentity Identity { get; init; } = new("");

    /// <summary>The client's name for itself, of which a new member's id is made.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Where it calls from, for operators.</summary>
    public string ClientHost { get; init; } = "";

    /// <summary>How long it may be silent.</summary>
    public required int SessionTimeoutMs { get; init; }

    /// <summary>How long it may take to join again.</summary>
    public required int RebalanceTimeoutMs { get; init; }

    /// <summary>What kind of group it takes this for: "consumer" for consumers.</summary>
    public required string ProtocolType { get; init; }

    /// <summary>The ways to assign that it knows, the preferred one first.</summary>
    public required IReadOnlyList<MemberProtocol> Protocols { get; init; }

    /// <summary>How much it brings: the ways to assign, with what each of them says.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            for (var i = 0; i < Protocols.Count; i++)
                bytes += Protocols[i].Name.Length + Protocols[i].Metadata.Length;
            return bytes;
        }
    }

    /// <summary>Whether a new dynamic member is first given an id to join with (KIP-394), so that one that is gone before it got its answer
    /// leaves no member behind.</summary>
    public bool NeedsMemberId { get; init; } = true;

    /// <summary>Whether a static leader that comes back may be told that nothing is to be assigned (KIP-814).</summary>
    public bool KnowsSkippedAssignment { get; init; } = true;

    /// <summary>Why, in the client's words.</summary>
    public string? Reason { get; init; }
}

/// <summary>A way to assign that a member knows.</summary>
/// <param name="Name">Its name, such as "range".</param>
/// <param name="Metadata">What the member subscribes to, for the leader. It is kept, and must not change.</param>
internal readonly record struct MemberProtocol(string Name, ReadOnlyMemory<byte> Metadata);
