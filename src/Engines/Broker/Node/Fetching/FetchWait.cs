using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Node.Fetching;

/// <summary>A reader that waits until one of some logs grows. Used by one at a time; disposed, it waits for none any more.</summary>
internal sealed class FetchWait : ILogWatcher, IDisposable
{
    private readonly HashSet<PartitionLog> _logs = [];
    private volatile TaskCompletionSource _grew = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it waits for any.</summary>
    public bool IsWatching => _logs.Count > 0;

    /// <summary>Waits for a log too. What is read afterwards is not missed.</summary>
    public void Watch(PartitionLog log)
    {
        if (_logs.Add(log))
            log.Watchers.Add(this);
    }

    /// <summary>Before looking: what grows from here on ends the wait.</summary>
    public void Arm()
    {
        if (_grew.Task.IsCompleted)
            _grew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Waits until a log has grown since <see cref="Arm"/>, or a time is over.</summary>
    public async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await _grew.Task.WaitAsync(time, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Then the answer is what there is.
        }
    }

    void ILogWatcher.Grew() => _grew.TrySetResult();

    public void Dispose()
    {
        foreach (var log in _logs)
            log.Watchers.Remove(this);
    }
}
