using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>What a consumer subscribes to, as it tells whoever assigns.</summary>
/// <remarks>All versions begin as the oldest one does, which says what is wanted here, so that clients that are newer are understood. It
/// comes from clients, through their own code: what is not formed like that means that nothing is known, and is no error.</remarks>
internal static class Subscription
{
    /// <summary>The kind of groups whose members are consumers.</summary>
    public const string ProtocolType = "consumer";

    /// <summary>Adds the topics that a member subscribes to.</summary>
    /// <returns>False where they cannot be read.</returns>
    public static bool TryReadTopics(ReadOnlyMemory<byte> metadata, HashSet<string> topics)
    {
        try
        {
            if (VersionedData.Version(metadata.Span) < 0)
                return false;
            var reader = new ProtocolReader(metadata[sizeof(short)..]);
            topics.UnionWith(ConsumerProtocolSubscription.Read(ref reader, ConsumerProtocolSubscription.OldestVersion).Topics);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
