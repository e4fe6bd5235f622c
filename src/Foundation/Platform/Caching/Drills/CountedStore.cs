namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// The store behind the cache: rows that count their changes, and which counts who asks for them. What is loaded is as it was when the load
/// began, so that whatever is changed meanwhile makes it old. Safe for concurrent use.
/// </summary>
/// <param name="rows">How many there are.</param>
/// <param name="takes">How long a load takes.</param>
internal sealed class CountedStore(int rows, TimeSpan takes)
{
    private readonly long[] _versions = [.. Enumerable.Repeat(1L, rows)];
    private readonly Lock _gate = new();
    private long _loads;
    private int _now;
    private int _most;

    /// <summary>How many rows there are.</summary>
    public int Rows => _versions.Length;

    /// <summary>Reads a row.</summary>
    public async ValueTask<Row?> LoadAsync(int key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _loads++;
            _most = Math.Max(_most, ++_now);
        }

        try
        {
            var version = Volatile.Read(ref _versions[key]);
            await Task.Delay(takes, cancellationToken);
            return new Row(version);
        }
        finally
        {
            lock (_gate)
                _now--;
        }
    }

    /// <summary>Changes a row.</summary>
    /// <returns>How often it was changed.</returns>
    public long Commit(int key) => Interlocked.Increment(ref _versions[key]);

    /// <summary>How many loads there were since the last time, and the most at once.</summary>
    public (long Loads, int MostAtOnce) Take()
    {
        lock (_gate)
        {
            var taken = (_loads, _most);
            (_loads, _most) = (0, _now);
            return taken;
        }
    }
}
