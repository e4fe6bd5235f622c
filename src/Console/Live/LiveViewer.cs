namespace Groundwork.Console.Live;

/// <summary>One connection that listens: what it has not been sent yet, the latest of each region. Safe for concurrent use.</summary>
internal sealed class LiveViewer(IReadOnlyList<string> keys, LiveHub hub) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveEvent> _waiting = new(StringComparer.Ordinal);
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it listens to.</summary>
    public IReadOnlyList<string> Keys => keys;

    /// <summary>Leaves a region's rendering to be sent, in place of one that waits.</summary>
    public void Post(LiveEvent rendered)
    {
        lock (_gate)
        {
            _waiting[rendered.Key] = rendered;
            _arrived.TrySetResult();
        }
    }

    /// <summary>Takes what waits.</summary>
    /// <param name="patience">How long to wait for something.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Nothing where nothing came in time.</returns>
    public async Task<IReadOnlyList<LiveEvent>> TakeAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        Task arrived;
        lock (_gate)
            arrived = _arrived.Task;
        try
        {
            await arrived.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return [];
        }

        lock (_gate)
        {
            LiveEvent[] taken = [.. _waiting.Values];
            _waiting.Clear();
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return taken;
        }
    }

    public void Dispose() => hub.Leave(this);
}
