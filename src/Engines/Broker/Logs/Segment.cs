using System.Buffers;
using System.Globalization;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Logs;

/// <summary>
/// A file of a log: batches one behind the other, from an offset on. Written by one at a time, under the log's lock; read by
/// anybody, up to <see cref="Size"/>.
/// </summary>
/// <remarks>
/// A batch's checksum is looked at each time it is read, also from the page cache: it costs a tenth of sending it, and what is
/// damaged is never served. What the checksum leaves out, a batch's place, is compared with its neighbours'. A line of the index is
/// believed as far as the segment agrees with it. Its two files are opened when they are first wanted.
/// </remarks>
internal sealed class Segment(IDisk disk, string folder, long baseOffset, Omissions omits = Omissions.None) : IDisposable
{
    // How much is let lie before the disk is asked to begin with it: a checkpoint that found all of it unwritten would hold up the journal for as long.
    private const int UnwrittenBytes = 256 << 10;

    // What is read at a time while looking for a batch behind a line of the index.
    private const int WindowBytes = 8192;

    // How far behind damage the next whole batch is looked for.
    private const int ResumeBytes = 4 << 20;

    private readonly Lock _lock = new();
    private IDiskFile? _file;
    private SegmentIndex? _index;
    private int _trustedLines;
    private long _size;
    private long _latest = RecordBatch.None;
    private long _indexedTo;
    private long _writtenTo;

    /// <summary>The offset of its first record.</summary>
    public long BaseOffset => baseOffset;

    /// <summary>How many bytes of batches it holds.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>The latest time of its records, in milliseconds since 1970; -1 of none.</summary>
    public long LatestTimestamp => Volatile.Read(ref _latest);

    /// <summary>When its first batch was appended, in milliseconds since 1970 by the broker's clock.</summary>
    public long Since { get; set; }

    /// <summary>How many lines its index has.</summary>
    public int IndexLines => Index.Count;

    private string LogPath => $"{folder}/{Name(baseOffset)}.log";

    private string IndexPath => $"{folder}/{Name(baseOffset)}.index";

    private IDiskFile File
    {
        get
        {
            lock (_lock)
                return _file ??= disk.Open(LogPath);
        }
    }

    private SegmentIndex Index
    {
        get
        {
            lock (_lock)
                return _index ??= new SegmentIndex(disk.Open(IndexPath), _trustedLines);
        }
    }

    /// <summary>The name of the files of a segment that begins at an offset.</summary>
    public static string Name(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>The offset in a segment's name; null where the file is none.</summary>
    public static long? Offset(string fileName) =>
        fileName.EndsWith(".log", StringComparison.Ordinal)
        && long.TryParse(fileName.AsSpan(0, fileName.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    /// <summary>A segment that nothing is written to any more: all of its two files.</summary>
    public void TrustAll()
    {
        _trustedLines = (int)(disk.Exists(IndexPath) ? Length(IndexPath) / IndexEntry.Bytes : 0);
        Volatile.Write(ref _size, File.Length);
        Volatile.Write(ref _latest, Index.Last()?.LatestBefore ?? RecordBatch.None);
    }

    /// <summary>What a checkpoint says of it. What is behind that is not read until it was <see cref="TryAccept">accepted</see>.</summary>
    public void Trust(long size, int indexLines, long latest)
    {
        _trustedLines = indexLines;
        (_indexedTo, _writtenTo) = (size, size);
        Volatile.Write(ref _size, size);
        Volatile.Write(ref _latest, latest);
    }

    /// <summary>Appends a batch that has its place.</summary>
    /// <exception cref="IOException">The disk refused; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> batch, int indexIntervalBytes)
    {
        File.Write(batch, _size);
        Accept(batch, indexIntervalBytes);
        if (_size - _writtenTo < UnwrittenBytes)
            return;
        File.StartSync(_writtenTo, _size - _writtenTo);
        _writtenTo = _size;
    }

    /// <summary>Takes what lies behind its end for appended, if it is that.</summary>
    /// <param name="expected">A batch.</param>
    /// <param name="indexIntervalBytes">How far apart the lines of the index are.</param>
    public bool TryAccept(ReadOnlySpan<byte> expected, int indexIntervalBytes)
    {
        var there = ArrayPool<byte>.Shared.Rent(expected.Length);
        try
        {
            var bytes = there.AsSpan(0, expected.Length);
            if (File.Read(bytes, _size) < bytes.Length || !bytes.SequenceEqual(expected))
                return false;
            Accept(bytes, indexIntervalBytes);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(there);
        }
    }

    /// <summary>Reads the intact batch that lies behind its end, and must begin with an offset; null where there is none.</summary>
    public byte[]? ReadBehind(long offset, int maxBytes)
    {
        Span<byte> prefix = stackalloc byte[RecordBatch.PrefixBytes];
        if (File.Read(prefix, _size) < prefix.Length || RecordBatch.LengthOf(prefix) is var length && (length < RecordBatch.HeaderBytes || length > maxBytes))
            return null;
        var bytes = new byte[length];
        if (File.Read(bytes, _size) < length)
            return null;
        var batch = new RecordBatch(bytes);
        return batch.BaseOffset == offset && batch.Magic == RecordBatch.CurrentMagic && batch.LastOffsetDelta >= 0
            && (batch.IsIntact || omits.HasFlag(Omissions.TailChecksums)) ? bytes : null;
    }

    /// <summary>Whether anything lies behind its end.</summary>
    public bool HasTail() => File.Length > _size;

    /// <summary>Cuts off what lies behind its end; returns how many bytes that were.</summary>
    public long CutTail()
    {
        var cut = File.Length - _size;
        if (cut != 0)
            File.SetLength(_size);
        Index.TruncateTo(_size);
        return cut;
    }

    /// <summary>Ends it: nothing more is appended. The last line of its index then says its latest time.</summary>
    public void Seal()
    {
        if (Index.Last() is { } last && last.LatestBefore == _latest && last.Position == _size)
            return;
        Index.Add(new IndexEntry(uint.MaxValue, (uint)_size, _latest));
    }

    /// <summary>Reads whole batches.</summary>
    /// <param name="offset">Which must be in the first of them, or before it.</param>
    /// <param name="maxBytes">How many bytes, at most.</param>
    /// <param name="upTo">The offset before which all of them must end.</param>
    /// <param name="oversizeFirst">Whether the first one is returned also if it is longer than that.</param>
    public LogRead Read(long offset, int maxBytes, long upTo, bool oversizeFirst)
    {
        var size = Size;
        var found = Locate(offset, size, upTo);
        if (found.Fault is not null)
            return new LogRead(null, found.Fault);
        if (found.Position >= size)
            return LogRead.Behind;
        if (found.Length > maxBytes && !oversizeFirst)
            return LogRead.Empty;
        var wanted = (int)Math.Min(Math.Max(maxBytes, found.Length), size - found.Position);
        var buffer = ArrayPool<byte>.Shared.Rent(wanted);
        var read = File.Read(buffer.AsSpan(0, wanted), found.Position);
        var length = WholeBatches(buffer.AsSpan(0, read), upTo, out var next, out var fault);
        if (length > 0)
            return new LogRead(new ReadBuffer(buffer, 0, length), null, NextOffset: next);
        ArrayPool<byte>.Shared.Return(buffer);
        return new LogRead(null, fault is null ? null : new BatchFault(ErrorCode.CorruptMessage, $"{LogPath}, byte {found.Position}: {fault}"));
    }

    /// <summary>The first batch that has a record of a time or later; null where there is none.</summary>
    public ReadBuffer? FindTime(long timestamp, long upTo)
    {
        var at = (long)(Index.FindTime(timestamp)?.Position ?? 0);
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        for (var size = Size; at < size;)
        {
            if (File.Read(header, at) < header.Length || new RecordBatch(header) is var batch && !IsPlausible(batch, size - at) || batch.NextOffset > upTo)
                return null;
            if (batch.MaxTimestamp >= timestamp)
                return Read(batch.BaseOffset, batch.Length, upTo, true).Data;
            at += batch.Length;
        }

        return null;
    }

    /// <summary>What was written lasts when this returns.</summary>
    public void Sync()
    {
        File.Sync();
        Index.Sync();
    }

    /// <summary>Removes its files.</summary>
    public void Delete()
    {
        Dispose();
        disk.Delete(LogPath);
        disk.Delete(IndexPath);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _index?.Dispose();
        }
    }

    // How many bytes of whole, intact batches there are at the beginning of some bytes that follow on each other and end before an offset.
    private int WholeBatches(ReadOnlySpan<byte> bytes, long upTo, out long next, out string? fault)
    {
        fault = null;
        var length = 0;
        next = RecordBatch.None;
        while (bytes.Length - length >= RecordBatch.HeaderBytes)
        {
            var rest = bytes[length..];
            var batch = new RecordBatch(rest);
            if (batch.Length < RecordBatch.HeaderBytes)
                fault = $"a batch says that it is {batch.Length} bytes long.";
            else if (batch.Length > rest.Length || batch.NextOffset > upTo || (length > 0 && batch.BaseOffset != next))
                break;
            else if ((batch.Magic != RecordBatch.CurrentMagic || !new RecordBatch(rest[..batch.Length]).IsIntact) && !omits.HasFlag(Omissions.ReadChecksums))
                fault = $"the batch of offset {batch.BaseOffset} is damaged: its checksum is not that of its contents.";
            if (fault is not null)
                break;
            length += batch.Length;
            next = batch.NextOffset;
        }

        return length;
    }

    private void Accept(ReadOnlySpan<byte> bytes, int indexIntervalBytes)
    {
        var batch = new RecordBatch(bytes);
        if (_size == 0 || _size - _indexedTo >= indexIntervalBytes)
        {
            Index.Add(new IndexEntry((uint)(batch.BaseOffset - baseOffset), (uint)_size, _latest));
            _indexedTo = _size;
        }

        Volatile.Write(ref _latest, Math.Max(_latest, batch.MaxTimestamp));
        Volatile.Write(ref _size, _size + bytes.Length);
    }

    // Where the batch begins that holds an offset, or else the next one behind it, and how long it is.
    private (long Position, int Length, BatchFault? Fault) Locate(long offset, long size, long upTo)
    {
        if (Index.FindOffset((uint)Math.Clamp(offset - baseOffset, 0, uint.MaxValue - 1)) is { Position: > 0 } line)
        {
            var found = Walk(line.Position, baseOffset + line.OffsetDelta, offset, size, upTo, out var isCertain);
            if (isCertain)
                return found;
        }

        return Walk(0, baseOffset, offset, size, upTo, out _);
    }

    // Goes from batch to batch, over what is damaged, to the one that holds an offset. It is certain where nothing on the way was odd.
    private (long Position, int Length, BatchFault? Fault) Walk(long at, long next, long offset, long size, long upTo, out bool isCertain)
    {
        BatchFault? fault = null;
        isCertain = at < size;
        Span<byte> window = stackalloc byte[WindowBytes];
        while (at < size)
        {
            var read = File.Read(window[..(int)Math.Min(WindowBytes, size - at)], at);
            var from = 0;
            while (read - from >= RecordBatch.HeaderBytes)
            {
                var batch = new RecordBatch(window[from..read]);
                if (!IsPlausible(batch, size - at - from) || !IsInPlace(batch, next, at + from, size, upTo))
                {
                    fault ??= new(ErrorCode.CorruptMessage, $"{LogPath}, byte {at + from}: what should be the batch of offset {next} is damaged.");
                    isCertain = false;
                    break;
                }

                if (batch.LastOffset >= offset)
                {
                    isCertain &= batch.BaseOffset <= offset;
                    return batch.NextOffset > upTo ? (size, 0, null) : batch.BaseOffset > offset && fault is not null ? (at + from, 0, fault) : (at + from, batch.Length, null);
                }

                next = batch.NextOffset;
                from = (int)Math.Min((long)from + batch.Length, int.MaxValue - WindowBytes);
            }

            if (from > 0)
            {
                at += from;
                continue;
            }

            fault ??= new(ErrorCode.CorruptMessage, $"{LogPath} ends at byte {at + read}, before its last batch does.");
            isCertain = false;
            (at, next) = Resume(at + 1, next, size);
        }

        return (size, 0, fault);
    }

    // Where behind damage a batch begins that is whole; the end where none does in what the longest batch may take.
    private (long Position, long Next) Resume(long from, long next, long size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ResumeBytes, size - from + 1));
        try
        {
            var bytes = buffer.AsSpan(0, File.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - from)), from));
            for (var at = 0; at + RecordBatch.HeaderBytes <= bytes.Length; at++)
            {
                var batch = new RecordBatch(bytes[at..]);
                if (IsPlausible(batch, bytes.Length - at) && batch.BaseOffset >= next && new RecordBatch(bytes.Slice(at, batch.Length)).IsIntact)
                    return (from + at, batch.BaseOffset);
            }

            return (size, next);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Offsets follow on each other, but where damage was found at a start: then the batch behind agrees that the gap is one.
    private bool IsInPlace(in RecordBatch batch, long next, long at, long size, long upTo)
    {
        if (batch.BaseOffset <= next)
            return batch.BaseOffset == next;
        if (at + batch.Length >= size)
            return batch.NextOffset == upTo;
        Span<byte> behind = stackalloc byte[RecordBatch.HeaderBytes];
        return File.Read(behind, at + batch.Length) == behind.Length && new RecordBatch(behind).BaseOffset == batch.NextOffset;
    }

    private bool IsPlausible(in RecordBatch batch, long left) =>
        batch.Magic == RecordBatch.CurrentMagic && batch.Length >= RecordBatch.HeaderBytes && batch.Length <= left
        && batch.BaseOffset >= baseOffset && batch.LastOffsetDelta >= 0 && batch.LastOffsetDelta == batch.RecordCount - 1;

    private long Length(string path)
    {
        using var file = disk.Open(path);
        return file.Length;
    }
}
