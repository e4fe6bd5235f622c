using System.Globalization;
using System.Text;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Drills.Disks;

/// <summary>The files of a broker that does not run, for a drill to tear and to damage.</summary>
internal sealed class LogImage(string root)
{
    private readonly SystemDisk _disk = new(root);

    /// <summary>A batch in a file: where it lies and what it holds.</summary>
    internal sealed record Place(string File, long At, int Length, long BaseOffset, long NextOffset);

    /// <summary>The files of a partition's segments, the oldest first; with their whole paths.</summary>
    public IReadOnlyList<string> Segments(string topic, int partition)
    {
        var folder = Path.Combine(root, "topics", topic, partition.ToString(CultureInfo.InvariantCulture));
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The whole batches of a segment.</summary>
    public static IReadOnlyList<Place> Batches(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var batches = new List<Place>();
        for (var at = 0; bytes.Length - at >= RecordBatch.HeaderBytes;)
        {
            var length = RecordBatch.LengthOf(bytes[at..]);
            if (length < RecordBatch.HeaderBytes || length > bytes.Length - at || new RecordBatch(bytes.Slice(at, length)) is var batch && !batch.IsIntact)
                break;
            batches.Add(new Place(file, at, length, batch.BaseOffset, batch.NextOffset));
            at += length;
        }

        return batches;
    }

    /// <summary>Turns one bit of a file.</summary>
    public static void Flip(string file, long at, int bit)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        _ = RandomAccess.Read(handle, one, at);
        one[0] ^= (byte)(1 << bit);
        RandomAccess.Write(handle, one, at);
    }

    /// <summary>Leaves behind the last whole batch of a segment what a write leaves that was cut short: a part of the next batch, or all of it with sectors that never came.</summary>
    public static void TearSegment(string file, Random random)
    {
        var last = Batches(file) is [.., var batch] ? batch : null;
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        var end = last is null ? 0 : last.At + last.Length;
        RandomAccess.SetLength(handle, end);
        RandomAccess.Write(handle, Tear(NextBatch(last?.NextOffset ?? Segment.Offset(Path.GetFileName(file)) ?? 0, random), RecordBatch.HeaderBytes, random), end);
    }

    /// <summary>Leaves behind the journal's last frame what a frame leaves that was cut short.</summary>
    public void TearJournal(Random random)
    {
        if (Frames() is not [.., var last] || last.At + last.Length + JournalFrame.Alignment > new FileInfo(last.File).Length)
            return;
        var batch = NextBatch(last.Read.Entries.Max(entry => entry.Offset) + 1, random);
        var entry = new JournalEntry(EntryKind.Batch, last.Read.Entries[^1].LogId, new RecordBatch(batch).BaseOffset, 0, batch);
        var frame = new byte[JournalFrame.HeadLength(1) + batch.Length];
        JournalFrame.WriteHead(frame, last.Read.Sequence + 1, [entry]);
        batch.CopyTo(frame, JournalFrame.HeadLength(1));
        using var handle = File.OpenHandle(last.File, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(handle, Tear(frame, random.Next(2) == 0 ? 0 : JournalFrame.HeadLength(1) + RecordBatch.HeaderBytes, random), last.At + last.Length);
    }

    /// <summary>Turns a bit of a frame that the next start needs and that is not the last one; false where there is none.</summary>
    public bool FlipJournal(Random random)
    {
        var from = CheckpointFile.Read(_disk).JournalFrom;
        var frames = Frames().Where(frame => frame.Read.Sequence >= from).ToList();
        if (frames.Count < 2)
            return false;
        var frame = frames[random.Next(frames.Count - 1)];
        var bytes = JournalFrame.HeadLength(frame.Read.Entries.Count) + frame.Read.Entries.Sum(entry => entry.Content.Length);
        Flip(frame.File, frame.At + random.Next(bytes), random.Next(8));
        return true;
    }

    private static byte[] NextBatch(long offset, Random random)
    {
        var builder = new BatchBuilder();
        builder.Add(0, null, Encoding.UTF8.GetBytes($"torn/{new string('y', random.Next(500, 4000))}"));
        var batch = builder.Build();
        RecordBatch.Place(batch, offset, 0);
        return batch;
    }

    // Cut off, or as long as it was to be with a part of it not there.
    private static byte[] Tear(byte[] written, int from, Random random)
    {
        if (random.Next(2) == 0)
            return written[..random.Next(1, written.Length)];
        var missing = random.Next(from, written.Length);
        written.AsSpan(missing, Math.Min(LossyFile.SectorBytes, written.Length - missing)).Clear();
        return written;
    }

    private List<(string File, long At, long Length, JournalRead Read)> Frames()
    {
        var frames = new List<(string File, long At, long Length, JournalRead Read)>();
        for (var i = 0; i < 2; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"journal/{i}.journal");
            var file = _disk.Open(name);
            using var half = new JournalHalf(file, file.Length);
            long at = 0;
            ulong sequence = 0;
            while (half.Read(at) is { } read && read.Sequence > sequence)
            {
                frames.Add((Path.Combine(root, name), at, read.Next - at, read));
                (at, sequence) = (read.Next, read.Sequence);
            }
        }

        return [.. frames.OrderBy(frame => frame.Read.Sequence)];
    }
}
