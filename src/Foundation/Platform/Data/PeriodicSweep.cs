using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Data;

/// <summary>
/// Removes what has outlived its time, in bounded batches at an interval, as long as it is not disposed.
/// </summary>
/// <remarks>
/// Full batches follow one another at once, so that a backlog shrinks; between them other writers have their turn. A failing
/// database is reported and tried again at the next interval. Several copies may sweep the same table.
/// </remarks>
public sealed partial class PeriodicSweep : IAsyncDisposable
{
    /// <summary>How many rows a batch removes at most.</summary>
    public const int BatchSize = 1000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    /// <summary>Begins sweeping, the first time at once.</summary>
    /// <param name="interval">From the end of one sweep to the next.</param>
    /// <param name="removeAsync">Removes up to a number of rows and says how many it removed.</param>
    public PeriodicSweep(TimeSpan interval, Func<int, CancellationToken, Task<int>> removeAsync, TimeProvider time, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        _loop = Task.Run(() => RunAsync(interval, removeAsync, time, logger, _stopping.Token));
    }

    /// <summary>Ends it, after the batch under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private static async Task RunAsync(
        TimeSpan interval, Func<int, CancellationToken, Task<int>> removeAsync, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await removeAsync(BatchSize, stopping) < BatchSize)
                    await Task.Delay(interval, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseException e)
            {
                LogFailed(logger, interval, e);
                await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep failed; it is tried again in {Interval}.")]
    private static partial void LogFailed(ILogger logger, TimeSpan interval, Exception exception);
}
