using Groundwork.Broker.Logs;
using Groundwork.Broker.Records;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Primitives.Hashing;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Broker.Node.Loads;

/// <summary>
/// Which keys the records have that come to a partition, from some of its newest batches. Not thread-safe.
/// </summary>
/// <remarks>
/// Two looks at the log a sample, one in the middle of what is new and one at its end, of 1 MiB and 500 records at most: batches that are longer are
/// passed over, and so is what cannot be unpacked within its bound.
/// </remarks>
internal sealed class KeySample(long from, TimeProvider time)
{
    private const int Looks = 2;
    private const int LookBytes = 1 << 20;
    private const int LookRecords = 500;
    private const int UnpackedBytes = 8 << 20;
    private const int ShownKeys = 8;
    private const int ShownKeyBytes = 256;

    // As groups of the sketch: so that a key of no bytes is not taken for none.
    private const int Keyed = 0;
    private const int Keyless = 1;

    private readonly HeavyHitters _keys = new(new Random(0), capacity: HeavyHitters.MaxShown * 4);
    private long _next = from;

    private long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>What is known before anything was looked at.</summary>
    public static IReadOnlyList<HotRecordKey> None(out double keylessShare)
    {
        keylessShare = 0;
        return [];
    }

    /// <summary>Looks at what has come since it last did.</summary>
    public void Take(PartitionLog log)
    {
        var (start, end) = (Math.Max(_next, log.StartOffset), log.HighWatermark);
        for (var look = 1; look <= Looks && start < end; look++)
        {
            try
            {
                using var data = log.Read(start + ((end - 1 - start) * look / Looks), LookBytes, oversizeFirst: false).Data;
                if (data is not null)
                    Count(data.Batches);
            }
            catch (IOException)
            {
                // Whoever reads the partition is told.
            }
        }

        _next = end;
    }

    /// <summary>The most frequent keys, and the share of records that have none.</summary>
    public IReadOnlyList<HotRecordKey> Report(out double keylessShare)
    {
        var hitters = _keys.Report(ShownKeys + 1, Now).Keys;
        keylessShare = hitters.FirstOrDefault(hitter => hitter.Group == Keyless)?.Share ?? 0;
        return [.. hitters.Where(hitter => hitter.Group == Keyed).Take(ShownKeys).Select(hitter => new HotRecordKey(hitter.Name, hitter.Share))];
    }

    private void Count(ReadOnlyMemory<byte> batches)
    {
        var now = Now;
        for (var left = LookRecords; left > 0 && !batches.IsEmpty;)
        {
            var batch = batches[..RecordBatch.LengthOf(batches.Span)];
            batches = batches[batch.Length..];
            var header = new RecordBatch(batch.Span);
            if (header.IsControl)
                continue;
            ReadOnlyMemory<byte> payload;
            try
            {
                payload = Compression.Unpack(header.Codec, batch[RecordBatch.HeaderBytes..], UnpackedBytes);
            }
            catch (InvalidDataException)
            {
                continue;
            }

            var walk = new RecordWalk(payload.Span);
            for (var i = 0; i < header.RecordCount && left > 0 && walk.TryNext(); i++, left--)
                Count(walk.Key.Length < 0 ? default : payload.Span.Slice(walk.Key.At, walk.Key.Length), walk.Key.Length < 0 ? Keyless : Keyed, now);
        }
    }

    private void Count(ReadOnlySpan<byte> key, int group, long now) =>
        _keys.Add(WyHash.Hash(key, (ulong)group), group, key[..Math.Min(key.Length, ShownKeyBytes)], now);
}
