using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Ports.Modules;

namespace Groundwork.Console.Design;

/// <summary>What is asked of a module in a protocol of its own, as charts take it; made anew for each look.</summary>
internal sealed class ProtocolPulse(RecentMetrics metrics, ModulePulse pulse)
{
    /// <summary>How much a second is asked, in the last seconds.</summary>
    public double Now => Latest(pulse.Counter, null);

    /// <summary>How much a second was asked over the last minutes.</summary>
    public IReadOnlyList<double?> Points { get; } = Pulse.Sum(metrics.Find(pulse.Counter, Pulse.Window, Pulse.Step));

    /// <summary>The share that says how it goes, in the last seconds; null where nothing was counted, or none says.</summary>
    public double? ShareNow => pulse.Share is { } share && Latest(share.Counter, null) is > 0 and var all ? Latest(share.Counter, share) / all : null;

    /// <summary>The share over the last minutes.</summary>
    public IReadOnlyList<double?> Shares()
    {
        if (pulse.Share is not { } share)
            return [];
        var series = metrics.Find(share.Counter, Pulse.Window, Pulse.Step);
        var part = Pulse.Sum(series.Where(s => Is(s, share)));
        return [.. Pulse.Sum(series).Select((all, i) => all > 0 ? (i < part.Count ? part[i] ?? 0 : 0) / all : (double?)null)];
    }

    private double Latest(string counter, PulseShare? of) =>
        metrics.Find(counter, GoldenSignals.LatestWindow, GoldenSignals.LatestWindow).Where(s => of is null || Is(s, of)).Sum(Pulse.Now);

    private static bool Is(RecentSeries series, PulseShare share) => series.Labels.Any(l => l.Key == share.Label && l.Value == share.Value);
}
