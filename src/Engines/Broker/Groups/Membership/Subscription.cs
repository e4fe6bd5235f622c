using System.Buffers.Binary;
using System.Text;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>
/// What a consumer subscribes to: the beginning of Kafka's ConsumerProtocolSubscription, which is the same in all of its versions: a version
/// (int16), a count (int32), and names, each with its length (int16) before it.
/// </summary>
/// <remarks>It comes from clients, through their own code: one that is not formed like that means that nothing is known, and is no error.</remarks>
internal static class Subscription
{
    /// <summary>The kind of groups whose members are consumers.</summary>
    public const string ProtocolType = "consumer";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds the topics that a member subscribes to.</summary>
    /// <returns>False where they cannot be read.</returns>
    public static bool TryReadTopics(ReadOnlySpan<byte> metadata, HashSet<string> topics)
    {
        if (metadata.Length < sizeof(short) + sizeof(int) || BinaryPrimitives.ReadInt16BigEndian(metadata) < 0)
            return false;
        var count = BinaryPrimitives.ReadInt32BigEndian(metadata[sizeof(short)..]);
        metadata = metadata[(sizeof(short) + sizeof(int))..];
        if (count < 0)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (metadata.Length < sizeof(short))
                return false;
            var length = BinaryPrimitives.ReadInt16BigEndian(metadata);
            metadata = metadata[sizeof(short)..];
            if (length < 0 || length > metadata.Length)
                return false;
            try
            {
                topics.Add(Utf8.GetString(metadata[..length]));
            }
            catch (DecoderFallbackException)
            {
                return false;
            }

            metadata = metadata[length..];
        }

        return true;
    }
}
