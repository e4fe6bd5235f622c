using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Node;

/// <summary>Removes what topics no longer keep, log by log in the background, so that the disk is never busy with more than one removal.</summary>
internal sealed class RetentionSweep : IAsyncDisposable
{
    private readonly LogStore _logs;
    private readonly Func<Task> _before;
    private readonly NodeOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    /// <param name="logs">The logs.</param>
    /// <param name="before">What lets go of records by itself, before each look.</param>
    /// <param name="options">How often, and for how long.</param>
    /// <param name="time">The broker's clock.</param>
    public RetentionSweep(LogStore logs, Func<Task> before, NodeOptions options, TimeProvider time)
    {
        (_logs, _before, _options) = (logs, before, options);
        _run = RunAsync(time);
    }

    /// <summary>Goes through all logs once; returns how many segments went.</summary>
    public int Sweep()
    {
        var gone = 0;
        foreach (var log in _logs.Logs)
        {
            if (_stop.IsCancellationRequested)
                break;
            gone += log.Sweep(_options.ProducerLife);
        }

        return gone;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(_options.RetentionInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await _before();
                _ = await Task.Run(Sweep, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The broker ends.
        }
    }
}
