using System.Buffers.Binary;
using System.Text;
using Groundwork.Broker.Storage;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Broker.Logs;

/// <summary>All that a broker knows of its logs at one moment, so that a start reads one file and the journal, and no log that nobody wrote to since.</summary>
/// <param name="JournalFrom">The number of the first frame of the journal that it does not cover.</param>
/// <param name="IsClean">Whether the broker ended behind it: then there is nothing that it does not cover.</param>
/// <param name="Logs">The logs' states.</param>
internal sealed record Checkpoint(ulong JournalFrom, bool IsClean, IReadOnlyCollection<LogState> Logs)
{
    /// <summary>That of a broker that was never started.</summary>
    public static Checkpoint None { get; } = new(1, true, []);
}

/// <summary>The file of a checkpoint: replaced as a whole, with a checksum over all of it. <c>docs/formats/log.md</c> draws it.</summary>
internal static class CheckpointFile
{
    private const string Path = "checkpoint";
    private const uint Magic = 0x31435747; // "GWC1"
    private const int HeadBytes = 8;

    /// <summary>Reads it; that of a new broker where there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Checkpoint Read(IDisk disk)
    {
        if (disk.Read(Path) is not { } bytes)
            return Checkpoint.None;
        if (bytes.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != Crc32C.Hash(bytes.AsSpan(HeadBytes)))
        {
            throw new InvalidDataException("The broker's checkpoint is damaged. Remove the file `checkpoint` in its folder: every log is then read from its beginning, and producers' sequences begin anew.");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, HeadBytes, bytes.Length - HeadBytes), Encoding.UTF8);
        var (journalFrom, isClean) = (reader.ReadUInt64(), reader.ReadBoolean());
        var logs = new LogState[reader.ReadInt32()];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = ReadLog(reader);
        return new Checkpoint(journalFrom, isClean, logs);
    }

    /// <summary>Replaces it, durably.</summary>
    public static void Write(IDisk disk, Checkpoint checkpoint)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(0u);
        writer.Write(checkpoint.JournalFrom);
        writer.Write(checkpoint.IsClean);
        writer.Write(checkpoint.Logs.Count);
        foreach (var log in checkpoint.Logs)
            WriteLog(writer, log);
        var bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Hash(bytes[HeadBytes..]));
        disk.Replace(Path, bytes);
    }

    private static LogState ReadLog(BinaryReader reader)
    {
        var (id, start, end) = (reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64());
        var active = reader.ReadBoolean()
            ? new ActiveSegment(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64())
            : null;
        var epochs = new EpochStart[reader.ReadInt32()];
        for (var i = 0; i < epochs.Length; i++)
            epochs[i] = new EpochStart(reader.ReadInt32(), reader.ReadInt64());
        var producers = new ProducerState[reader.ReadInt32()];
        for (var i = 0; i < producers.Length; i++)
        {
            producers[i] = new ProducerState(reader.ReadInt64(), reader.ReadInt16()) { LastUse = reader.ReadInt64() };
            for (var batches = reader.ReadByte(); batches > 0; batches--)
            {
                producers[i].Add(producers[i].Epoch, new ProducedBatch(
                    reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64()));
            }
        }

        return new LogState(id, start, end, active, epochs, producers);
    }

    private static void WriteLog(BinaryWriter writer, LogState log)
    {
        writer.Write(log.Id);
        writer.Write(log.Start);
        writer.Write(log.End);
        writer.Write(log.Active is not null);
        if (log.Active is { } active)
        {
            writer.Write(active.BaseOffset);
            writer.Write(active.Size);
            writer.Write(active.IndexLines);
            writer.Write(active.LatestTimestamp);
            writer.Write(active.Since);
        }

        writer.Write(log.Epochs.Count);
        foreach (var (epoch, offset) in log.Epochs)
        {
            writer.Write(epoch);
            writer.Write(offset);
        }

        writer.Write(log.Producers.Count);
        foreach (var producer in log.Producers)
        {
            writer.Write(producer.ProducerId);
            writer.Write(producer.Epoch);
            writer.Write(producer.LastUse);
            writer.Write((byte)producer.Batches.Count);
            foreach (var batch in producer.Batches)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.LastOffset);
                writer.Write(batch.OffsetDelta);
                writer.Write(batch.Timestamp);
            }
        }
    }
}
