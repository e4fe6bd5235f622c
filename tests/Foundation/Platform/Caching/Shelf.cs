using System.Collections.Concurrent;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>A loading cache over rows whose reading a test can hold up, after the rows were read, and let fail.</summary>
internal sealed class Shelf
{
    private TaskCompletionSource? _gate;
    private int _loads;

    public Shelf(LoadingOptions? options = null, ICache? cache = null, FakeTimeProvider? time = null, int seed = 7)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        Space = cache ?? new MemoryCache(new CacheSpace("shelf", 1 << 20), Time);
        Cache = new LoadingCache<long, string>(Space, new TextCodec(), LoadAsync, options ?? Exact, Time, new Random(seed), () => IsCurrent);
    }

    /// <summary>Lives that end when they say.</summary>
    public static LoadingOptions Exact { get; } = new() { Lives = new ValueLives { Jitter = 0 } };

    public LoadingCache<long, string> Cache { get; }

    /// <summary>Where the values lie.</summary>
    public ICache Space { get; }

    public FakeTimeProvider Time { get; }

    public ConcurrentDictionary<long, string> Rows { get; } = new() { [1] = "one" };

    /// <summary>How many loads began.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>What loads throw.</summary>
    public Exception? Failure { get; set; }

    public bool IsCurrent { get; set; } = true;

    /// <summary>How long a load takes.</summary>
    public TimeSpan Takes { get; set; }

    /// <summary>Loads that begin from now on do not end.</summary>
    public void Hold() => _gate = new TaskCompletionSource();

    /// <summary>Lets the held loads end; they have when this returns.</summary>
    public void Release()
    {
        var gate = _gate!;
        _gate = null;
        gate.SetResult();
    }

    public Task<string?> GetAsync(long key = 1) => GetUntilAsync(key, TestContext.Current.CancellationToken);

    /// <summary>A read that may be given up.</summary>
    public Task<string?> GetUntilAsync(long key, CancellationToken cancellationToken) => Cache.GetAsync(key, cancellationToken).AsTask();

    // Fails before it has made a task, unless it is held.
    private ValueTask<string?> LoadAsync(long key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        Time.Advance(Takes);
        var value = Rows.GetValueOrDefault(key);
        if (_gate is { } gate)
            return HeldAsync();
        return Failure is null ? new(value) : throw Failure;

        async ValueTask<string?> HeldAsync()
        {
            await gate.Task;
            return Failure is null ? value : throw Failure;
        }
    }
}
