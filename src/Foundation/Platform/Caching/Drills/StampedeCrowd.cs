using System.Buffers;
using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>The callers of <see cref="CacheStampedeDrill"/> in one process. Not for concurrent use.</summary>
internal sealed class StampedeCrowd : IAsyncDisposable
{
    private const int Connections = 256;

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly HttpClient _origin;
    private readonly DrillSpaces _spaces;
    private readonly ICache _cache;
    private readonly LoadingCache<int, Row> _rows;
    private readonly RowCodec _codec = new();
    private readonly bool _asksAlone;

    /// <param name="context">The worker's.</param>
    /// <param name="connection">Where the shared cache is.</param>
    /// <param name="origin">Where the store is.</param>
    public StampedeCrowd(IDrillContext context, string connection, Uri origin)
    {
        _asksAlone = context.Sabotage;
        _origin = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections }) { BaseAddress = origin };
        _spaces = new DrillSpaces(context, connection, DrillSpaces.Patient);
        _cache = _spaces.Open("drill-stampede");
        var options = new LoadingOptions
        {
            Lives = new ValueLives { Life = Life },
            Lease = TimeSpan.FromMinutes(1),
            HeldWait = TimeSpan.FromMinutes(1),
        };
        _rows = new LoadingCache<int, Row>(_cache, _codec, LoadAsync, options, _spaces.Time, context.Random);
    }

    /// <summary>Waits until all processes are here, and then asks.</summary>
    /// <returns>How many callers got the right answer.</returns>
    public async Task<int> AskAsync(int key, int callers, CancellationToken cancellationToken)
    {
        await _spaces.ReadyAsync(cancellationToken);
        await _origin.GetStringAsync(new Uri("start", UriKind.Relative), cancellationToken);
        var rows = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            () => _asksAlone ? AskAloneAsync(key, cancellationToken) : _rows.GetAsync(key, cancellationToken).AsTask(), cancellationToken)));
        return rows.Count(row => row?.Version == key);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await _spaces.DisposeAsync();
        _origin.Dispose();
    }

    private async ValueTask<Row?> LoadAsync(int key, CancellationToken cancellationToken)
    {
        var path = new Uri(string.Create(CultureInfo.InvariantCulture, $"load/{key}"), UriKind.Relative);
        return new Row(long.Parse(await _origin.GetStringAsync(path, cancellationToken), CultureInfo.InvariantCulture));
    }

    // What is usually written by hand: look, load, put.
    private async Task<Row?> AskAloneAsync(int key, CancellationToken cancellationToken)
    {
        var name = new byte[sizeof(int)];
        _codec.WriteKey(key, name);
        var bytes = new ArrayBufferWriter<byte>();
        if ((await _cache.GetAsync(name, bytes, cancellationToken)).IsFound && _codec.TryRead(bytes.WrittenSpan, out var found))
            return found;
        var row = await LoadAsync(key, cancellationToken);
        bytes = new ArrayBufferWriter<byte>();
        _codec.Write(row!, bytes);
        await _cache.SetAsync(name, bytes.WrittenMemory, Life, cancellationToken);
        return row;
    }
}
