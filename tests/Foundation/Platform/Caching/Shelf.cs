using System.Collections.Concurrent;
using Groundwork.Platform.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>A near cache over rows whose reading a test can hold up, after the rows were read, and let fail.</summary>
internal sealed class Shelf
{
    private TaskCompletionSource? _gate;
    private int _loads;

    public Shelf(NearCacheOptions? options = null) =>
        Cache = new NearCache<long, string>(options ?? new NearCacheOptions(1 << 20), LoadAsync, value => 2 * value.Length, Time, new Random(7), () => IsCurrent);

    public NearCache<long, string> Cache { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public ConcurrentDictionary<long, string> Rows { get; } = new() { [1] = "one" };

    /// <summary>How many loads began.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>What loads throw.</summary>
    public Exception? Failure { get; set; }

    public bool IsCurrent { get; set; } = true;

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
