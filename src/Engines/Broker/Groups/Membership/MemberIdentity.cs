namespace Groundwork.Broker.Groups.Membership;

/// <summary>Who says to be calling.</summary>
/// <param name="MemberId">The id that the group gave; empty where there is none yet.</param>
/// <param name="InstanceId">The static name (KIP-345); null for a dynamic member.</param>
internal readonly record struct MemberIdentity(string MemberId, string? InstanceId = null);
