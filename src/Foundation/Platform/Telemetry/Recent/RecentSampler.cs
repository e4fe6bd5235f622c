using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Keeps what is recent up to date: once a second it sees whether somebody looks, and takes a sample of the metrics when it is
/// time. Disposing ends it.
/// </summary>
internal sealed partial class RecentSampler : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly MetricsScrape _scrape;
    private readonly IServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<RouteModules> _routes;
    private PeriodicTimer? _timer;
    private bool _disposed;
    private Task _loop = Task.CompletedTask;

    public RecentSampler(IServiceProvider services)
    {
        _services = services;
        _scrape = new(services);
        _routes = new(() => new RouteModules(
            services.GetRequiredService<EndpointDataSource>().Endpoints, services.GetRequiredService<IReadOnlyList<Module>>()));
    }

    /// <summary>Begins.</summary>
    public void Start()
    {
        _timer = new PeriodicTimer(Tick, _services.GetRequiredService<TimeProvider>());
        _loop = Task.Run(() => RunAsync(_timer, _stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        // The module ends it in its turn, and the container with everything else.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _timer?.Dispose();
        _scrape.Dispose();
    }

    private async Task SampleAsync()
    {
        var text = await _scrape.ReadAsync();
        if (text.Length > 0)
            _services.GetRequiredService<RecentMetrics>().Take(text.Span, _routes.Value);
    }

    private async Task RunAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        var time = _services.GetRequiredService<TimeProvider>();
        var onlookers = _services.GetRequiredService<Onlookers>();
        var traces = _services.GetRequiredService<RecentTraces>();
        var logger = _services.GetRequiredService<ILogger<RecentSampler>>();

        // Before that routes are still being added: who reads them then fails, or misses some for good.
        var started = _services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        var (sampledAt, isWell) = ((long?)null, true);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            traces.Refresh();
            if (!started.IsCancellationRequested)
                continue;
            if (!onlookers.Any && sampledAt is { } at && time.GetElapsedTime(at) < RecentMetrics.IdleInterval)
                continue;
            sampledAt = time.GetTimestamp();
            try
            {
                await SampleAsync();
                isWell = true;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Told once, not every second; what is served does not depend on it.
                if (isWell)
                    LogFailed(logger, e);
                isWell = false;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The metrics could not be sampled; the console shows none until it works again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
