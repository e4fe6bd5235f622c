using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Logs;

/// <summary>
/// How much comes to a log and goes from it: counters that cost an addition, and rates of the last seconds by whoever samples them.
/// </summary>
/// <remarks>
/// <para><see cref="Came"/> is called under the log's lock, <see cref="Went"/> by any thread, <see cref="Sample"/> by one at a time; the rest is read by
/// anybody.</para>
/// <para>A log to which nothing comes, and from which nothing goes, for as long as the window has no memory for samples.</para>
/// </remarks>
internal sealed class LogTraffic
{
    /// <summary>How many samples the window reaches back; one is taken a second.</summary>
    public const int Window = 10;

    private static readonly Rates Still = new(default);

    private Totals[]? _samples;
    private int _count;
    private Totals _last;
    private long _bytesIn;
    private long _recordsOut;
    private long _bytesOut;
    private volatile Rates _rates = Still;

    /// <summary>What comes and goes a second, as of the last sample.</summary>
    public PartitionLoad Load => _rates.Load;

    /// <summary>Bytes that came since the start.</summary>
    public long BytesIn => Volatile.Read(ref _bytesIn);

    /// <summary>Records that went since the start.</summary>
    public long RecordsOut => Volatile.Read(ref _recordsOut);

    /// <summary>Bytes that went since the start.</summary>
    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>A batch was appended.</summary>
    public void Came(int bytes) => Volatile.Write(ref _bytesIn, _bytesIn + bytes);

    /// <summary>Batches were given to a reader.</summary>
    public void Went(long records, int bytes)
    {
        Interlocked.Add(ref _recordsOut, records);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="seconds">The time, from an origin that is always the same.</param>
    /// <param name="endOffset">Of the log: how many records came.</param>
    public void Sample(double seconds, long endOffset)
    {
        var now = new Totals(seconds, endOffset, BytesIn, RecordsOut, BytesOut);
        if (_samples is null)
        {
            // The first sample says where counting begins, and no rate.
            if (_last.Seconds == 0 || now.IsAsMuchAs(_last))
            {
                _last = now;
                return;
            }

            (_samples, _count) = (new Totals[Window + 1], 0);
            Keep(_last);
        }

        _last = now;
        Keep(now);
        var oldest = _samples[_count > Window ? _count % (Window + 1) : 0];
        if (now.IsAsMuchAs(oldest))
            (_samples, _rates) = (null, Still);
        else
            _rates = new Rates(now.Since(oldest));
    }

    private void Keep(Totals totals) => _samples![_count++ % (Window + 1)] = totals;

    private sealed record Rates(PartitionLoad Load);

    private readonly record struct Totals(double Seconds, long Records, long BytesIn, long RecordsOut, long BytesOut)
    {
        public bool IsAsMuchAs(in Totals other) =>
            Records == other.Records && BytesIn == other.BytesIn && RecordsOut == other.RecordsOut && BytesOut == other.BytesOut;

        public PartitionLoad Since(in Totals then)
        {
            var seconds = Math.Max(0.001, Seconds - then.Seconds);
            return new PartitionLoad(
                (Records - then.Records) / seconds, (BytesIn - then.BytesIn) / seconds, (RecordsOut - then.RecordsOut) / seconds, (BytesOut - then.BytesOut) / seconds);
        }
    }
}
