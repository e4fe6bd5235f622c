namespace Groundwork.Broker.Groups.Membership;

/// <summary>A group as operators see it.</summary>
internal sealed record GroupDescription
{
    /// <summary>Its name.</summary>
    public required string Group { get; init; }

    /// <summary>Where it stands; dead where there is none of that name.</summary>
    public required GroupState State { get; init; }

    /// <summary>Its kind; empty where no member ever told.</summary>
    public string ProtocolType { get; init; } = "";

    /// <summary>The way to assign; empty while none is in force.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Everybody in it.</summary>
    public IReadOnlyList<MemberDescription> Members { get; init; } = [];
}

/// <summary>A member as operators see it.</summary>
internal sealed record MemberDescription
{
    /// <summary>Who it is.</summary>
    public required MemberIdentity Identity { get; init; }

    /// <summary>The client's name for itself.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where it calls from.</summary>
    public required string ClientHost { get; init; }

    /// <summary>What it subscribes to; empty while no assignment is in force.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>What it was given; empty while no assignment is in force.</summary>
    public ReadOnlyMemory<byte> Assignment { get; init; }
}
