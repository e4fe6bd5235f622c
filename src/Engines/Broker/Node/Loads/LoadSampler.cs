namespace Groundwork.Broker.Node.Loads;

/// <summary>Has the watch take a sample a second, until it is disposed.</summary>
internal sealed class LoadSampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly PeriodicTimer _timer;
    private readonly Task _run;

    public LoadSampler(LoadWatch watch, TimeProvider time)
    {
        _timer = new PeriodicTimer(Interval, time);
        _run = RunAsync(watch);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _run;
    }

    private async Task RunAsync(LoadWatch watch)
    {
        while (await _timer.WaitForNextTickAsync())
            watch.Sample();
    }
}
