using Groundwork.Ports.Caching;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Redis.Tracking;

/// <summary>
/// Has the changes of a space told for as long as the space is open, over one connection after the other.
/// </summary>
/// <remarks>
/// Each space has a connection of its own: what floods one delays no other, and one that comes later interrupts none. Thread-safe.
/// </remarks>
internal sealed class SpaceTracking : IAsyncDisposable
{
    // Several within the silence that is allowed: one late answer is no loss.
    private static readonly TimeSpan Interval = CacheSettings.Silence / 6;

    private static readonly Backoff Waits = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    private readonly RedisConnection _connection;
    private readonly RedisAddress _address;
    private readonly SpaceKeys _keys;
    private readonly ICacheListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private volatile TrackingConnection? _current;

    /// <summary>Begins at once.</summary>
    public SpaceTracking(
        RedisConnection connection, RedisAddress address, SpaceKeys keys, ICacheListener listener, TimeProvider time, ILogger log)
    {
        (_connection, _address, _keys, _listener, _time, _log) = (connection, address, keys, listener, time, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether every change up to <see cref="CacheSettings.Silence"/> ago has been told.</summary>
    public bool IsHeard => _current?.Silence is { } silence && silence < CacheSettings.Silence;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var isReported = false;
        var failures = 0;
        while (true)
        {
            try
            {
                var server = await _connection.PrimaryAsync(_end.Token);
                await using var connection = await TrackingConnection.OpenAsync(server, _address, _keys, _time, _end.Token);
                using var timer = new PeriodicTimer(Interval, _time);
                _current = connection;
                await connection.RunAsync(_keys, _listener, TickAsync, _end.Token);

                async ValueTask<bool> TickAsync(CancellationToken cancellationToken)
                {
                    if (isReported && IsHeard)
                    {
                        RedisLog.Heard(_log, _keys.Space);
                        isReported = false;
                    }

                    failures = 0;
                    return await timer.WaitForNextTickAsync(cancellationToken) && _connection.IsPrimary(server);
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!isReported)
                    RedisLog.NotHeard(_log, _keys.Space, RedisFailures.Reason(e));
                isReported = true;
            }
            finally
            {
                _current = null;
            }

            try
            {
                await Task.Delay(Waits.Delay(++failures, Random.Shared.NextDouble()), _time, _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
