using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Snappier;
using ZstdSharp;

namespace Groundwork.Broker.Records;

/// <summary>
/// Packs and unpacks the records of a batch. The broker does it only for what it writes itself and for those who look at records
/// through it; what producers pack goes to consumers as it came. Unpacking is bounded: what would become larger is refused.
/// </summary>
internal static class Compression
{
    // How Java's snappy streams begin; behind it two versions, and then blocks, each with its length before it.
    private static ReadOnlySpan<byte> SnappyStream => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    private const int SnappyStreamHeaderBytes = 16;

    /// <summary>Packs records.</summary>
    public static byte[] Pack(Codec codec, ReadOnlyMemory<byte> records)
    {
        if (codec == Codec.None)
            return records.ToArray();
        if (codec == Codec.Snappy)
            return Snappy.CompressToArray(records.Span);
        var packed = new MemoryStream();
        using (var stream = Packer(codec, packed))
            stream.Write(records.Span);
        return packed.ToArray();
    }

    /// <summary>Unpacks records.</summary>
    /// <param name="codec">What they are packed with.</param>
    /// <param name="packed">The payload of a batch.</param>
    /// <param name="maxBytes">How large it may become.</param>
    /// <exception cref="InvalidDataException">It is not packed with that, or becomes larger.</exception>
    public static ReadOnlyMemory<byte> Unpack(Codec codec, ReadOnlyMemory<byte> packed, int maxBytes)
    {
        try
        {
            return codec switch
            {
                Codec.None => packed,
                Codec.Snappy => UnpackSnappy(packed.Span, maxBytes),
                _ => UnpackStream(codec, packed, maxBytes),
            };
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException or ArgumentException or IndexOutOfRangeException or NotSupportedException or InvalidOperationException)
        {
            // The codecs' libraries have words of their own for the same.
            throw new InvalidDataException($"What a batch says is {codec} is not: {e.Message}", e);
        }
    }

    private static Stream Packer(Codec codec, Stream into) => codec switch
    {
        Codec.Gzip => new GZipStream(into, CompressionLevel.Fastest, leaveOpen: true),
        Codec.Lz4 => LZ4Stream.Encode(into, leaveOpen: true),
        Codec.Zstd => new CompressionStream(into, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "There is no such codec."),
    };

    private static MemoryStream UnpackInto(Stream from, int maxBytes)
    {
        var into = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (from.Read(buffer) is > 0 and var read)
        {
            if (into.Length + read > maxBytes)
                throw TooLarge(maxBytes);
            into.Write(buffer, 0, read);
        }

        return into;
    }

    private static ReadOnlyMemory<byte> UnpackStream(Codec codec, ReadOnlyMemory<byte> packed, int maxBytes)
    {
        using var from = new MemoryStream(packed.ToArray(), writable: false);
        using Stream stream = codec switch
        {
            Codec.Gzip => new GZipStream(from, CompressionMode.Decompress),
            Codec.Lz4 => LZ4Stream.Decode(from),
            Codec.Zstd => new DecompressionStream(from),
            _ => throw new InvalidDataException($"There is no codec {(int)codec}."),
        };
        using var into = UnpackInto(stream, maxBytes);
        return into.GetBuffer().AsMemory(0, (int)into.Length);
    }

    private static byte[] UnpackSnappy(ReadOnlySpan<byte> packed, int maxBytes)
    {
        if (!packed.StartsWith(SnappyStream))
            return UnpackBlock(packed, maxBytes);
        if (packed.Length < SnappyStreamHeaderBytes)
            throw new InvalidDataException("A snappy stream ends within its header.");
        using var into = new MemoryStream();
        for (packed = packed[SnappyStreamHeaderBytes..]; !packed.IsEmpty;)
        {
            var length = packed.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(packed);
            if (length < 0 || length > packed.Length - 4)
                throw new InvalidDataException("A snappy stream ends within a block.");
            into.Write(UnpackBlock(packed.Slice(4, length), maxBytes - (int)into.Length));
            packed = packed[(4 + length)..];
        }

        return into.ToArray();
    }

    private static byte[] UnpackBlock(ReadOnlySpan<byte> block, int maxBytes) =>
        Snappy.GetUncompressedLength(block) is var length && (uint)length <= (uint)maxBytes ? Snappy.DecompressToArray(block) : throw TooLarge(maxBytes);

    private static InvalidDataException TooLarge(int maxBytes) => new($"A batch becomes larger than {maxBytes} bytes when it is unpacked.");
}
