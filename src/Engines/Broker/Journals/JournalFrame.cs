using System.Buffers.Binary;
using Groundwork.Broker.Records;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Broker.Journals;

/// <summary>
/// The bytes of a frame: what one sync makes durable. A head of its own checksum that lists the entries, then their contents one
/// behind the other, then zeros up to a multiple of <see cref="Alignment"/>: so that writing a frame never touches a page that
/// holds an older one. <c>docs/formats/log.md</c> draws it. Pure.
/// </summary>
/// <remarks>A batch's contents have a checksum of their own, of all but its place in the log; the head has the place. Nothing is summed twice.</remarks>
internal static class JournalFrame
{
    /// <summary>Where frames begin.</summary>
    public const int Alignment = 4096;

    /// <summary>The bytes of a head before its entries.</summary>
    public const int HeadBytes = 28;

    /// <summary>The bytes of an entry in the head.</summary>
    public const int EntryBytes = 28;

    /// <summary>The most contents that a frame holds; one batch may be larger, and then has a frame of its own.</summary>
    public const int MaxContentBytes = 16 << 20;

    /// <summary>The most entries that a frame holds.</summary>
    public const int MaxEntries = 16 << 10;

    private const uint Magic = 0x314A5747; // "GWJ1"

    /// <summary>How long the head of so many entries is.</summary>
    public static int HeadLength(int entries) => HeadBytes + (entries * EntryBytes);

    /// <summary>How long a frame is, with what fills it up.</summary>
    public static long Length(int entries, long contentBytes) => (HeadLength(entries) + contentBytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>Writes a head.</summary>
    public static void WriteHead(Span<byte> head, ulong sequence, IReadOnlyList<JournalEntry> entries)
    {
        var at = HeadBytes;
        var contentBytes = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var into = head.Slice(at, EntryBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(into, entry.LogId);
            BinaryPrimitives.WriteInt64LittleEndian(into[8..], entry.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(into[16..], entry.LeaderEpoch);
            BinaryPrimitives.WriteInt32LittleEndian(into[20..], (int)entry.Kind);
            BinaryPrimitives.WriteInt32LittleEndian(into[24..], entry.Content.Length);
            contentBytes += entry.Content.Length;
            at += EntryBytes;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], entries.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], contentBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(head[16..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc32C.Hash(head[8..at]));
    }

    /// <summary>What the first bytes of a head say; false where no head begins here. Its checksum is not looked at yet.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> bytes, out ulong sequence, out int entries, out int contentBytes)
    {
        (sequence, entries, contentBytes) = (0, 0, 0);
        if (bytes.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return false;
        entries = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        contentBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        return entries is > 0 and <= MaxEntries && contentBytes >= 0;
    }

    /// <summary>Reads a frame's entries; their contents are views of it.</summary>
    /// <param name="frame">Head and contents.</param>
    /// <param name="entries">As many as its head says, those whose contents are damaged left out.</param>
    /// <param name="damaged">How many were.</param>
    /// <returns>Whether the head is what was written.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out List<JournalEntry> entries, out int damaged)
    {
        (entries, damaged) = ([], 0);
        var bytes = frame.Span;
        if (!TryReadHead(bytes, out _, out var count, out _) || HeadLength(count) > bytes.Length
            || Crc32C.Hash(bytes[8..HeadLength(count)]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            return false;
        }

        var content = HeadLength(count);
        for (var i = 0; i < count; i++)
        {
            var from = bytes.Slice(HeadBytes + (i * EntryBytes), EntryBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(from[24..]);
            if (length < 0 || length > bytes.Length - content)
                return false;
            var entry = new JournalEntry(
                (EntryKind)BinaryPrimitives.ReadInt32LittleEndian(from[20..]), BinaryPrimitives.ReadUInt64LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]), BinaryPrimitives.ReadInt32LittleEndian(from[16..]), frame.Slice(content, length));
            content += length;
            if (IsIntact(entry))
                entries.Add(entry);
            else
                damaged++;
        }

        return true;
    }

    private static bool IsIntact(in JournalEntry entry)
    {
        if (entry.Kind != EntryKind.Batch)
            return true;
        if (entry.Content.Length < RecordBatch.HeaderBytes)
            return false;
        var batch = new RecordBatch(entry.Content.Span);
        return batch.Length == entry.Content.Length && batch.IsIntact && batch.BaseOffset == entry.Offset && batch.LeaderEpoch == entry.LeaderEpoch;
    }
}
