using System.Globalization;
using System.Threading.Channels;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// A copy of the program with a loading cache before the store that all copies share: it reads, writes, and hears of the others' writes
/// as modules do by <see cref="Data.Signals"/>. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Every read is judged: what a copy has acknowledged, or has heard of and removed, before a read begins, that read sees. No clock is
/// in this, so that it can be judged however busy the machine is.
/// </remarks>
internal sealed class StoreCopy : IAsyncDisposable
{
    private const int MaxSignals = 10_000;

    private readonly CountedStore _store;
    private readonly Findings _findings;
    private readonly LoadingCache<int, Row> _rows;
    private readonly long[] _known;
    private readonly Channel<(int Key, long Version)> _signals = Channel.CreateBounded<(int, long)>(MaxSignals);
    private readonly Task _hearing;
    private long _answered;
    private long _refused;
    private long _written;

    /// <param name="spaces">Its part of the shared cache; this disposes it.</param>
    /// <param name="store">The store.</param>
    /// <param name="options">The bounds of its cache.</param>
    /// <param name="seed">Of its randomness.</param>
    /// <param name="findings">Where it notes what must not be.</param>
    public StoreCopy(DrillSpaces spaces, CountedStore store, LoadingOptions options, int seed, Findings findings)
    {
        (Spaces, _store, _findings) = (spaces, store, findings);
        _known = new long[store.Rows];
        Space = spaces.Open("drill-rows");
        _rows = new LoadingCache<int, Row>(Space, new RowCodec(), store.LoadAsync, options, spaces.Time, new Random(seed));
        _hearing = HearAsync();
    }

    /// <summary>Its part of the shared cache.</summary>
    public DrillSpaces Spaces { get; }

    /// <summary>Where its rows lie.</summary>
    public ICache Space { get; }

    /// <summary>The other copies, who hear of what is written here.</summary>
    public IReadOnlyList<StoreCopy> Others { get; set; } = [];

    /// <summary>What its cache has counted.</summary>
    public LoadingCounts Counts => _rows.Counts;

    /// <summary>How many reads got a value.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>How many were turned away, because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How many writes were acknowledged.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Reads a row, and judges what came.</summary>
    public async Task ReadAsync(int key, CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _known[key]);
        try
        {
            var row = await _rows.GetAsync(key, cancellationToken);
            Interlocked.Increment(ref _answered);
            if (row is null || row.Version < known)
            {
                _findings.Add("reads were older than a change that the copy knew of", string.Create(
                    CultureInfo.InvariantCulture, $"row {key}: {row?.Version}, where {known} had been acknowledged or heard of"));
            }
        }
        catch (CacheOverloadException)
        {
            Interlocked.Increment(ref _refused);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _findings.Add("reads failed", e.Message);
        }
    }

    /// <summary>Changes a row, acknowledges it, and lets the others hear.</summary>
    public async Task WriteAsync(int key, CancellationToken cancellationToken)
    {
        var version = _store.Commit(key);
        await _rows.InvalidateAsync(key);
        Know(key, version);
        Interlocked.Increment(ref _written);
        foreach (var other in Others)
            await other._signals.Writer.WriteAsync((key, version), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _signals.Writer.TryComplete();
        await _hearing;
        await _rows.DisposeAsync();
        await Spaces.DisposeAsync();
    }

    private async Task HearAsync()
    {
        await foreach (var (key, version) in _signals.Reader.ReadAllAsync())
        {
            await _rows.InvalidateAsync(key);
            Know(key, version);
        }
    }

    private void Know(int key, long version)
    {
        for (var known = Volatile.Read(ref _known[key]); known < version;)
        {
            var seen = Interlocked.CompareExchange(ref _known[key], version, known);
            if (seen == known)
                return;
            known = seen;
        }
    }
}
