using System.Globalization;
using System.Text;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links.Clicks;

/// <summary>Publishes the clicks of this copy's redirects to the topic, in batches, soon after they were recorded.</summary>
/// <remarks>
/// <para>One task at an interval: fetches what was recorded, understands it as <see cref="ClickCounter"/> would, and appends it, keyed by the link. So no address goes out,
/// and visitors are hashes under the day's salt, whose deletion makes them meaningless.</para>
/// <para>Where the broker is away, a batch waits and is tried again under the same numbers, by which those who count know what they had; clicks wait where they were recorded, and the
/// oldest are dropped there, and counted. What kill -9 takes is what was not appended: half a second of clicks. A stop appends what is left.</para>
/// </remarks>
internal sealed partial class ClickPublisher : IAsyncDisposable
{
    /// <summary>How often is looked for clicks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private const int MaxBatch = 1000;

    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));

    private readonly ClickRecorder _recorder;
    private readonly VisitorSalts _salts;
    private readonly CodeBook _codes;
    private readonly IBroker _broker;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClickReader _reader = new();
    private readonly List<OutgoingRecord> _batch = new(MaxBatch);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ulong _publisher = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
    private Task _running = Task.CompletedTask;
    private bool _isThere;
    private long _sequence;
    private long _published;
    private long _lost;

    public ClickPublisher(ClickRecorder recorder, VisitorSalts salts, CodeBook codes, IBroker broker, TimeProvider time, ILogger<ClickPublisher> logger) =>
        (_recorder, _salts, _codes, _broker, _time, _logger) = (recorder, salts, codes, broker, time, logger);

    /// <summary>How many clicks are in the topic since the start.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>How many clicks were dropped because the broker refused them, or was away at the stop.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Begins to publish.</summary>
    public void Start()
    {
        var timer = new PeriodicTimer(Interval, _time);
        _running = Task.Run(() => RunAsync(timer, _stopping.Token));
    }

    /// <summary>Publishes what is left, if the broker takes it at once, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_batch.Count > 0 || await FillAsync())
        {
            if (await TryAppendAsync(isLast: true) is { } failure)
            {
                LogLost(_logger, _batch.Count, failure);
                Drop();
            }
        }

        _stopping.Dispose();
    }

    private async Task RunAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        using var ticking = timer;
        var failures = 0;
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                while (_batch.Count > 0 || await FillAsync())
                {
                    if (await TryAppendAsync(isLast: false) is not { } failure)
                    {
                        failures = 0;
                        continue;
                    }

                    if (++failures == 1)
                        LogWaits(_logger, failure);
                    await Task.Delay(Retries.Delay(failures, Random.Shared.NextDouble()), _time, stopping);
                }

                await _salts.RenewAsync(stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // Whatever it was, the clicks to come are published all the same.
                LogFailed(_logger, e);
            }
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        while (_batch.Count < MaxBatch && _recorder.TryRead(out var click))
        {
            var salt = await _salts.OfAsync(click.At / 86_400);
            var message = new ClickMessage(_publisher, ++_sequence, click.Number, click.At, _reader.Read(click, salt));
            _batch.Add(new OutgoingRecord(
                Encoding.ASCII.GetBytes(click.Number.ToString(CultureInfo.InvariantCulture)),
                message.ToBytes(click.Number < 0 ? null : _codes.Space.CodeOf(click.Number, null)),
                null,
                DateTimeOffset.FromUnixTimeSeconds(click.At)));
        }

        return _batch.Count > 0;
    }

    // Never given up half-way: whether it was done would not be known. Why it is to be tried again, or null.
    private async Task<BrokerException?> TryAppendAsync(bool isLast)
    {
        try
        {
            if (!_isThere)
                await ClickTopic.EnsureAsync(_broker, CancellationToken.None);
            _isThere = true;
            await _broker.AppendAsync(ClickTopic.Name, _batch, CancellationToken.None);
            Volatile.Write(ref _published, _published + _batch.Count);
            _batch.Clear();
            return null;
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.NoSuchTopic && !isLast)
        {
            _isThere = false;
            return e;
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Unavailable || isLast)
        {
            return e;
        }
        catch (BrokerException e)
        {
            LogFailed(_logger, e);
            Drop();
            return null;
        }
    }

    private void Drop()
    {
        Volatile.Write(ref _lost, _lost + _batch.Count);
        _batch.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clicks wait: the broker does not take them.")]
    private static partial void LogWaits(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Clicks could not be published.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Clicks} clicks were lost at the stop: the broker did not take them.")]
    private static partial void LogLost(ILogger logger, int clicks, Exception exception);
}
