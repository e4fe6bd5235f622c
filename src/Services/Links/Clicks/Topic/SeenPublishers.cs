using System.Buffers.Binary;

namespace Groundwork.Links.Clicks;

/// <summary>
/// The last click of each publisher in a partition: what a publisher sent again, because it did not hear that it was taken, is known by its number. Not for concurrent use.
/// </summary>
/// <remarks>A publisher repeats its last append only, and numbers its clicks upwards, so one number a publisher will do. Of more than <see cref="Max"/> publishers
/// the one that was still for longest is forgotten.</remarks>
internal sealed class SeenPublishers
{
    /// <summary>How many publishers are told apart: copies, and their lives, that published at about the same time.</summary>
    public const int Max = 64;

    private const int EntryBytes = 3 * sizeof(long);

    private readonly Dictionary<ulong, (long Number, long Offset)> _last = [];

    /// <param name="bytes">What <see cref="ToBytes"/> gave.</param>
    public SeenPublishers(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= EntryBytes; bytes = bytes[EntryBytes..])
        {
            _last[BinaryPrimitives.ReadUInt64LittleEndian(bytes)] =
                (BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        }
    }

    /// <summary>Whether a click is new.</summary>
    /// <param name="publisher">Who published it.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="offset">Where it lies.</param>
    public bool IsNew(ulong publisher, long number, long offset)
    {
        var isKnown = _last.TryGetValue(publisher, out var last);
        if (isKnown && number <= last.Number)
            return false;
        if (!isKnown && _last.Count == Max)
            _last.Remove(_last.MinBy(one => one.Value.Offset).Key);
        _last[publisher] = (number, offset);
        return true;
    }

    /// <summary>As it is stored: of each its id, its last number and where that lies, eight bytes each, the lowest first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_last.Count * EntryBytes];
        var rest = bytes.AsSpan();
        foreach (var (publisher, (number, offset)) in _last.OrderBy(one => one.Value.Offset))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, publisher);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], number);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], offset);
            rest = rest[EntryBytes..];
        }

        return bytes;
    }
}
