using System.Buffers.Binary;

namespace Groundwork.Broker.Protocol;

/// <summary>
/// What goes ahead of every message on a connection: its length, in four bytes. It is all that can be judged before a buffer
/// is taken for the rest; somebody who speaks another protocol is found here too, since their first bytes would be the
/// length of something enormous.
/// </summary>
internal static class Framing
{
    /// <summary>The length's own bytes, which it does not count.</summary>
    public const int LengthBytes = 4;

    // The API, its version, and the request's number: nothing shorter can be answered.
    private const int ShortestRequest = 8;

    /// <summary>The length of the request that follows.</summary>
    /// <param name="bytes">The connection's next four bytes.</param>
    /// <param name="maxBytes">The longest request that is taken.</param>
    public static int ReadLength(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length >= ShortestRequest && length <= maxBytes)
            return length;
        throw new ProtocolException(Foreign(bytes) is { } protocol
            ? $"The connection speaks {protocol}, not Kafka's protocol."
            : $"The request claims {length} bytes; {ShortestRequest} to {maxBytes} are allowed.");
    }

    private static string? Foreign(ReadOnlySpan<byte> bytes) => bytes switch
    {
        // A handshake's record, of TLS 1.0 to 1.3.
        [0x16, 0x03, <= 0x04, ..] => "TLS",
        [(byte)'G', (byte)'E', (byte)'T', (byte)' ', ..] => "HTTP",
        [(byte)'P', (byte)'O', (byte)'S', (byte)'T', ..] => "HTTP",
        [(byte)'H', (byte)'E', (byte)'A', (byte)'D', ..] => "HTTP",
        [(byte)'P', (byte)'R', (byte)'I', (byte)' ', ..] => "HTTP/2",
        _ => null,
    };
}
