namespace Groundwork.Cache.Resp;

/// <summary>What happened on connections since the start. A loop writes its own, without locks; sums of them are about right.</summary>
internal sealed class ServerCounters
{
    private readonly long[] _closed = new long[Enum.GetValues<CloseReason>().Length];

    /// <summary>Connections that were served, or turned away.</summary>
    public long Received { get; set; }

    /// <summary>Connections that were turned away, because there were too many.</summary>
    public long Rejected { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    /// <summary>How many connections ended for a reason.</summary>
    public long Closed(CloseReason reason) => Volatile.Read(ref _closed[(int)reason]);

    internal void CountClosed(CloseReason reason) => _closed[(int)reason]++;

    internal void Add(ServerCounters other)
    {
        Received += other.Received;
        Rejected += other.Rejected;
        BytesIn += other.BytesIn;
        BytesOut += other.BytesOut;
        for (var i = 0; i < _closed.Length; i++)
            _closed[i] += other._closed[i];
    }
}
