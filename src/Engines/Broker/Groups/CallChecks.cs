using System.Buffers;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>What can be said of a call without its group: whether it keeps to the limits.</summary>
internal static class CallChecks
{
    private const int MaxInstanceLength = 249;
    private const int MaxClientLength = 255;

    private static readonly SearchValues<char> InstanceCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Whether a group may have that name.</summary>
    public static bool IsName(string group, GroupLimits limits) => group.Length > 0 && group.Length <= limits.MaxNameLength;

    /// <summary>What is wrong with a call to join.</summary>
    public static ErrorCode Check(JoinCall call, GroupLimits limits)
    {
        if (!IsName(call.Group, limits))
            return ErrorCode.InvalidGroupId;
        if (call.SessionTimeoutMs < limits.MinSessionMs || call.SessionTimeoutMs > limits.MaxSessionMs)
            return ErrorCode.InvalidSessionTimeout;
        if (call.Identity.InstanceId is { } name && !IsInstanceName(name))
            return ErrorCode.InvalidConfig;
        if (call.Protocols.Count > limits.MaxProtocols || call.ProtocolType.Length > limits.MaxNameLength)
            return ErrorCode.PolicyViolation;
        return call.Bytes > limits.MaxSubscriptionBytes ? ErrorCode.PolicyViolation : ErrorCode.None;
    }

    /// <summary>The call with bytes of its own, which a request's buffer can do without; with a client's name of a decent length, and a
    /// time to rebalance.</summary>
    public static JoinCall Own(JoinCall call) => call with
    {
        ClientId = Cut(call.ClientId),
        ClientHost = Cut(call.ClientHost),
        RebalanceTimeoutMs = call.RebalanceTimeoutMs > 0 ? call.RebalanceTimeoutMs : call.SessionTimeoutMs,
        Protocols = [.. call.Protocols.Select(protocol => protocol with { Metadata = protocol.Metadata.ToArray() })],
    };

    /// <summary>The call with bytes of its own.</summary>
    public static SyncCall Own(SyncCall call) => call.Assignments.Count == 0
        ? call
        : call with { Assignments = [.. call.Assignments.Select(given => given with { Assignment = given.Assignment.ToArray() })] };

    // As names of topics, and for the same reason: they come into the names of metrics and of files of others.
    private static bool IsInstanceName(string name) =>
        name.Length is > 0 and <= MaxInstanceLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(InstanceCharacters);

    private static string Cut(string text)
    {
        if (text.Length <= MaxClientLength)
            return text;
        var length = char.IsHighSurrogate(text[MaxClientLength - 1]) ? MaxClientLength - 1 : MaxClientLength;
        return text[..length];
    }
}
