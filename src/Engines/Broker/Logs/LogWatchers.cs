using System.Collections.Immutable;

namespace Groundwork.Broker.Logs;

/// <summary>Who waits for a log to grow.</summary>
internal interface ILogWatcher
{
    /// <summary>There is more to read. Called on the thread that commits: it is brief, and may be called again.</summary>
    void Grew();
}

/// <summary>Those who wait for one log. Safe for concurrent callers.</summary>
internal sealed class LogWatchers
{
    private ImmutableArray<ILogWatcher> _watchers = [];

    /// <summary>How many wait.</summary>
    public int Count => _watchers.Length;

    /// <summary>Waits from now on: look at the log after this, not before.</summary>
    public void Add(ILogWatcher watcher) => ImmutableInterlocked.Update(ref _watchers, (all, one) => all.Add(one), watcher);

    /// <summary>Waits no longer.</summary>
    public void Remove(ILogWatcher watcher) => ImmutableInterlocked.Update(ref _watchers, (all, one) => all.Remove(one), watcher);

    /// <summary>Tells them.</summary>
    public void Signal()
    {
        foreach (var watcher in _watchers)
            watcher.Grew();
    }
}
