using System.Buffers.Binary;
using System.Text;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>Headers as a row keeps them: of each the length of its name, the name in UTF-8, the length of its value (-1 for none) and the value; lengths in four bytes, the lowest first.</summary>
internal static class HeaderBytes
{
    /// <summary>How many bytes they take.</summary>
    public static int Length(IReadOnlyList<RecordHeader> headers) =>
        headers.Sum(header => (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(header.Name) + (header.Value?.Length ?? 0));

    /// <summary>Headers as bytes.</summary>
    public static byte[] Write(IReadOnlyList<RecordHeader> headers)
    {
        var bytes = new byte[Length(headers)];
        var rest = bytes.AsSpan();
        foreach (var (name, value) in headers)
        {
            var length = Encoding.UTF8.GetBytes(name, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
            BinaryPrimitives.WriteInt32LittleEndian(rest, value?.Length ?? -1);
            rest = rest[sizeof(int)..];
            if (value is not { } given)
                continue;
            given.Span.CopyTo(rest);
            rest = rest[given.Length..];
        }

        return bytes;
    }

    /// <summary>Bytes as headers.</summary>
    public static List<RecordHeader> Read(ReadOnlyMemory<byte> bytes)
    {
        var headers = new List<RecordHeader>();
        while (!bytes.IsEmpty)
        {
            var name = Encoding.UTF8.GetString(Take(ref bytes, TakeLength(ref bytes)).Span);
            var length = TakeLength(ref bytes);
            headers.Add(new RecordHeader(name, length < 0 ? default(ReadOnlyMemory<byte>?) : Take(ref bytes, length)));
        }

        return headers;
    }

    private static int TakeLength(ref ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, sizeof(int)).Span);

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int length)
    {
        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
