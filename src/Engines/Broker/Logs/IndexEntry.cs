using System.Buffers.Binary;

namespace Groundwork.Broker.Logs;

/// <summary>A line of a segment's sparse index. Each of its three numbers only grows from line to line: so one file finds offsets and times.</summary>
/// <param name="OffsetDelta">The first offset of the batch that begins here, counted from the segment's.</param>
/// <param name="Position">Where in the segment it begins.</param>
/// <param name="LatestBefore">The latest time of all batches before it, in milliseconds since 1970; -1 of none.</param>
internal readonly record struct IndexEntry(uint OffsetDelta, uint Position, long LatestBefore)
{
    /// <summary>The bytes of a line.</summary>
    public const int Bytes = 16;

    public static IndexEntry Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from), BinaryPrimitives.ReadUInt32LittleEndian(from[4..]), BinaryPrimitives.ReadInt64LittleEndian(from[8..]));

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, OffsetDelta);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], LatestBefore);
    }
}
