using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Serving;

/// <summary>What came and went over all connections. Safe for concurrent callers.</summary>
internal sealed class RequestCounts
{
    private readonly long[] _requests = new long[ApiCatalog.All.Max(api => (int)api.Key) + 1];
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>The bytes of requests.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>The bytes of answers.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>A request came.</summary>
    public void Came(ApiKey api, int bytes)
    {
        Interlocked.Increment(ref _requests[(int)api]);
        Interlocked.Add(ref _bytesIn, bytes);
    }

    /// <summary>An answer goes.</summary>
    public void Went(long bytes) => Interlocked.Add(ref _bytesOut, bytes);

    /// <summary>How many requests came of each API that was asked at all.</summary>
    public IEnumerable<(ApiKey Api, long Requests)> Each()
    {
        foreach (var api in ApiCatalog.All)
        {
            if (Interlocked.Read(ref _requests[(int)api.Key]) is > 0 and var count)
                yield return (api.Key, count);
        }
    }
}
