namespace Groundwork.Broker.Groups.Membership;

/// <summary>A member of a group. Changed by its <see cref="Roster"/> and by the group's rebalancing only.</summary>
internal sealed class Member(string id, JoinCall call)
{
    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its static name; null for a dynamic member.</summary>
    public string? InstanceId { get; } = call.Identity.InstanceId;

    /// <summary>How long it may be silent.</summary>
    public Session Session { get; } = new(id);

    /// <summary>What it joined with last.</summary>
    public JoinCall Call { get; set; } = call;

    /// <summary>What the leader gave it; empty before, and for whoever gets nothing.</summary>
    public ReadOnlyMemory<byte> Assignment { get; set; }

    /// <summary>Whether it has not been in any generation yet.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether the client knows its id; else nobody can come back by it.</summary>
    public bool IdIsTold { get; set; } = true;

    /// <summary>Whether it has yet to ask for its assignment in this generation.</summary>
    public bool OwesSync { get; set; }

    /// <summary>Where its join is answered; null where it awaits none.</summary>
    public IReply<JoinAnswer>? AwaitedJoin { get; set; }

    /// <summary>Where its sync is answered; null where it awaits none.</summary>
    public IReply<SyncAnswer>? AwaitedSync { get; set; }

    /// <summary>Whether it may be silent for as long as it takes: it awaits an answer. A new member's join may not wait for ever, since it
    /// cannot send heartbeats after.</summary>
    public bool MayBeSilent => !IsNew && (AwaitedJoin is not null || AwaitedSync is not null);

    /// <summary>What it subscribes to, by a way to assign.</summary>
    public ReadOnlyMemory<byte> MetadataFor(string protocol)
    {
        foreach (var known in Call.Protocols)
        {
            if (known.Name == protocol)
                return known.Metadata;
        }

        throw new InvalidOperationException($"Member {id} does not know the protocol {protocol}, which its group has chosen.");
    }

    /// <summary>Whether it knows exactly these ways to assign, with the same content and in the same order.</summary>
    public bool Matches(IReadOnlyList<MemberProtocol> protocols)
    {
        if (protocols.Count != Call.Protocols.Count)
            return false;
        for (var i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Call.Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Call.Protocols[i].Metadata.Span))
                return false;
        }

        return true;
    }
}
