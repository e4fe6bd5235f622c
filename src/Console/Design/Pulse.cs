using Groundwork.Console.Design.Charts;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Design;

/// <summary>The golden signals as charts take them. Pure.</summary>
internal static class Pulse
{
    /// <summary>How far back pages look.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The stretch of time of a point: sixty make the window.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static int Points => (int)(Window / Step);

    /// <summary>Requests a second.</summary>
    public static IReadOnlyList<double?> Requests(Signals signals) => Padded(signals.Points.Select(p => (double?)p.RequestsPerSecond));

    /// <summary>Errors a second.</summary>
    public static IReadOnlyList<double?> Errors(Signals signals) => Padded(signals.Points.Select(p => (double?)p.ErrorsPerSecond));

    /// <summary>Seconds within which half were answered.</summary>
    public static IReadOnlyList<double?> Median(Signals signals) => Padded(signals.Points.Select(p => p.P50?.TotalSeconds));

    /// <summary>Seconds within which 99 of 100 were answered.</summary>
    public static IReadOnlyList<double?> Slowest(Signals signals) => Padded(signals.Points.Select(p => p.P99?.TotalSeconds));

    /// <summary>The points of a series.</summary>
    public static IReadOnlyList<double?> Values(RecentSeries series) => Padded(series.Points.Select(p => (double?)p.Value));

    /// <summary>When each point ends.</summary>
    public static TimeAxis Times(Signals signals) => new(
        [.. Enumerable.Repeat((DateTimeOffset?)null, Math.Max(0, Points - signals.Points.Count)), .. signals.Points.Select(p => (DateTimeOffset?)p.Time)], TimeStep.Second);

    /// <summary>Seconds, written as a duration.</summary>
    public static string Seconds(double? value) => Format.Duration(value is { } v && double.IsFinite(v) ? TimeSpan.FromSeconds(v) : null);

    /// <summary>The points of several series together; all unknown where there are none.</summary>
    public static IReadOnlyList<double?> Sum(IEnumerable<RecentSeries> series)
    {
        var sum = new double?[Points];
        foreach (var values in series.Select(Values))
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] = values[i] is { } value ? (sum[i] ?? 0) + value : sum[i];
        }

        return sum;
    }

    // What began less than a window ago begins within the chart, not at its edge.
    private static List<double?> Padded(IEnumerable<double?> values)
    {
        var known = values.ToList();
        return [.. Enumerable.Repeat((double?)null, Math.Max(0, Points - known.Count)), .. known];
    }

    /// <summary>A series' last point.</summary>
    public static double Now(RecentSeries series) => series.Points.Count == 0 ? 0 : series.Points[^1].Value;
}
