using Groundwork.Ports.Modules;

namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>What a caller may be permitted to do with the embedded broker by HTTP. Kafka's protocol asks nobody yet.</summary>
public static class BrokerScopes
{
    /// <summary>See topics, their records, and groups.</summary>
    public static readonly Scope Read = new("broker:read", "See the broker's topics, their records, and who reads them.");

    /// <summary>Append records.</summary>
    public static readonly Scope Write = new("broker:write", "Append records to the broker's topics.");

    /// <summary>Make, change and delete topics, take records away, move groups.</summary>
    public static readonly Scope Admin = new("broker:admin", "Make, change and delete the broker's topics, delete records, and reset and delete groups.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scope> All { get; } = [Read, Write, Admin];
}
