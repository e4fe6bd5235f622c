namespace Groundwork.Console.Live;

/// <summary>
/// One region for all who look at it: rendered at once for the first, then every <see cref="LiveHub.Interval"/> until the last
/// has gone. What did not change is not sent. Safe for concurrent use.
/// </summary>
internal sealed class LiveFeed(string key, Func<Task<string>> renderAsync, TimeProvider time, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private readonly HashSet<LiveViewer> _viewers = [];
    private Task<string>? _rendering;
    private Task _loop = Task.CompletedTask;
    private CancellationTokenSource? _looking;
    private LiveEvent? _last;
    private long _renderedAt;

    /// <summary>Whether nobody looks, and nothing that somebody waits for is being rendered.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _viewers.Count == 0 && _rendering is null or { IsCompleted: true };
        }
    }

    public void Add(LiveViewer viewer)
    {
        lock (_gate)
        {
            _viewers.Add(viewer);
            if (_last is not null)
                viewer.Post(_last);
            if (_viewers.Count > 1)
                return;

            _looking = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _loop = LoopAsync(_loop, _looking.Token);
        }
    }

    public void Remove(LiveViewer viewer)
    {
        lock (_gate)
        {
            if (!_viewers.Remove(viewer) || _viewers.Count > 0)
                return;
            _looking!.Cancel();
            _looking.Dispose();
            _last = null;
        }
    }

    /// <summary>The region as it is, at most an interval old: those who ask within one share a rendering.</summary>
    public Task<string> LatestAsync()
    {
        lock (_gate)
        {
            if (_rendering is null || (_rendering.IsCompleted && time.GetElapsedTime(_renderedAt) >= LiveHub.Interval))
            {
                _renderedAt = time.GetTimestamp();
                _rendering = Task.Run(renderAsync, stop);
            }

            return _rendering;
        }
    }

    /// <summary>Waits for what goes on.</summary>
    public async Task EndedAsync()
    {
        Task loop;
        lock (_gate)
            loop = _loop;
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LoopAsync(Task before, CancellationToken looking)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(LiveHub.Interval, time);
        do
        {
            Send(await LatestAsync(), looking);
        }
        while (await timer.WaitForNextTickAsync(looking));
    }

    private void Send(string html, CancellationToken looking)
    {
        lock (_gate)
        {
            if (looking.IsCancellationRequested || html == _last?.Html)
                return;
            _last = new LiveEvent(key, html);
            foreach (var viewer in _viewers)
                viewer.Post(_last);
        }
    }
}
