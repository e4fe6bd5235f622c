using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>What a member is told when everybody has joined, or why it cannot join.</summary>
internal sealed record JoinAnswer
{
    /// <summary>What was wrong.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The generation that it is in; -1 with an error.</summary>
    public int Generation { get; init; } = -1;

    /// <summary>The group's kind.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>The way to assign that was chosen.</summary>
    public string? Protocol { get; init; }

    /// <summary>Who assigns.</summary>
    public string Leader { get; init; } = "";

    /// <summary>Whether the leader has nothing to assign (KIP-814).</summary>
    public bool SkipAssignment { get; init; }

    /// <summary>The caller's id.</summary>
    public string MemberId { get; init; } = "";

    /// <summary>Everybody, for the leader; empty for the others.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];

    /// <summary>An answer that says what was wrong only.</summary>
    public static JoinAnswer Failed(ErrorCode error, string memberId = "") => new() { Error = error, MemberId = memberId };
}

/// <summary>A member, as the leader gets to know it.</summary>
internal readonly record struct JoinedMember(string MemberId, string? InstanceId, ReadOnlyMemory<byte> Metadata);
