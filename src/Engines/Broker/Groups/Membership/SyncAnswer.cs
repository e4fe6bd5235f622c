using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>A member's assignment, or why there is none.</summary>
internal sealed record SyncAnswer
{
    /// <summary>What was wrong.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The group's kind.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>The way to assign that was chosen.</summary>
    public string? Protocol { get; init; }

    /// <summary>What the leader gave this member.</summary>
    public ReadOnlyMemory<byte> Assignment { get; init; }

    /// <summary>An answer that says what was wrong only.</summary>
    public static SyncAnswer Failed(ErrorCode error) => new() { Error = error };
}
