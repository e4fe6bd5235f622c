using Groundwork.Console.Design;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Pages.Cache;

/// <summary>What happened in a space over the last minutes, as charts take it; made anew for each look.</summary>
internal sealed class CachePulse
{
    private const string SpaceLabel = "space";

    private readonly RecentMetrics _metrics;
    private readonly string? _space;

    /// <param name="metrics">The last minutes.</param>
    /// <param name="space">Which space; null for all.</param>
    public CachePulse(RecentMetrics metrics, string? space)
    {
        (_metrics, _space) = (metrics, space);
        var hits = Points("lookups", "hit");
        Lookups = Points("lookups");
        HitRatio = [.. Lookups.Zip(hits, (all, hit) => all > 0 ? (hit ?? 0) / all.Value : (double?)null)];
        Evictions = Points("evictions");
        Expirations = Points("expirations");
        LookupsNow = Now("lookups");
        EvictionsNow = Now("evictions");
        ExpirationsNow = Now("expirations");
    }

    /// <summary>Lookups a second.</summary>
    public IReadOnlyList<double?> Lookups { get; }

    /// <summary>The share of lookups that found their key, 0 to 1; unknown where there were none.</summary>
    public IReadOnlyList<double?> HitRatio { get; }

    /// <summary>Keys a second that had to leave.</summary>
    public IReadOnlyList<double?> Evictions { get; }

    /// <summary>Keys a second whose time was over.</summary>
    public IReadOnlyList<double?> Expirations { get; }

    /// <summary>Lookups a second, in the last seconds.</summary>
    public double LookupsNow { get; }

    /// <summary>Keys a second that had to leave, in the last seconds.</summary>
    public double EvictionsNow { get; }

    /// <summary>Keys a second whose time was over, in the last seconds.</summary>
    public double ExpirationsNow { get; }

    /// <summary>The share of lookups that found their key, in all of the time that is shown; null where there were none.</summary>
    public double? HitRatioAll => Lookups.Sum() is > 0 and var all ? Lookups.Zip(HitRatio, (l, r) => (l ?? 0) * (r ?? 0)).Sum() / all : null;

    private static string Name(string what) => $"groundwork_cache_{what}_total";

    private IReadOnlyList<double?> Points(string what, string? result = null) =>
        Pulse.Sum(_metrics.Find(Name(what), Pulse.Window, Pulse.Step).Where(s => IsOf(s, result)));

    private double Now(string what) =>
        _metrics.Find(Name(what), GoldenSignals.LatestWindow, GoldenSignals.LatestWindow).Where(s => IsOf(s, null)).Sum(Pulse.Now);

    // What is of the clients' databases has no label.
    private bool IsOf(RecentSeries series, string? result) =>
        (_space is null || (series.Labels.FirstOrDefault(l => l.Key == SpaceLabel).Value ?? SpaceName.Clients) == _space)
        && (result is null || series.Labels.Any(l => l.Key == "result" && l.Value == result));
}
