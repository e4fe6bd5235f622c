namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// How much is asked of each module, how much of it fails, and how long it takes, over the last minutes. Safe for concurrent use.
/// </summary>
public sealed class GoldenSignals
{
    /// <summary>The time that <see cref="Signals.Latest"/> is about.</summary>
    public static readonly TimeSpan LatestWindow = TimeSpan.FromSeconds(10);

    private readonly RecentMetrics _metrics;

    internal GoldenSignals(RecentMetrics metrics) => _metrics = metrics;

    /// <summary>Of everything that is served but the console itself, requests to no route included.</summary>
    /// <param name="window">How far back, at most <see cref="RecentMetrics.MaxAge"/>.</param>
    /// <param name="step">The stretch of time of a point, at least a second.</param>
    public Signals Overall(TimeSpan window, TimeSpan step) => Read(SignalStore.Everything, window, step);

    /// <summary>Of a module's routes.</summary>
    /// <param name="module">Its name: <c>Links</c>.</param>
    /// <param name="window">How far back, at most <see cref="RecentMetrics.MaxAge"/>.</param>
    /// <param name="step">The stretch of time of a point, at least a second.</param>
    public Signals OfModule(string module, TimeSpan window, TimeSpan step) => Read(module, window, step);

    /// <summary>A module's own metrics: those whose names begin with <c>groundwork_</c> and its own.</summary>
    public IReadOnlyList<RecentSeries> OwnMetrics(string module, TimeSpan window, TimeSpan step) =>
        _metrics.Find($"groundwork_{module.ToLowerInvariant()}_", window, step);

    private Signals Read(string module, TimeSpan window, TimeSpan step)
    {
        var last = _metrics.Signals(module, LatestWindow, RecentMetrics.OneStep);
        return new(last.Count > 0 ? last[^1] : default, _metrics.Signals(module, window, step));
    }
}
