using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Design;

/// <summary>The golden signals as charts take them. Pure.</summary>
internal static class Pulse
{
    /// <summary>How far back pages look.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The stretch of time of a point: sixty make the window.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>Requests a second.</summary>
    public static IReadOnlyList<double?> Requests(Signals signals) => [.. signals.Points.Select(p => (double?)p.RequestsPerSecond)];

    /// <summary>Errors a second.</summary>
    public static IReadOnlyList<double?> Errors(Signals signals) => [.. signals.Points.Select(p => (double?)p.ErrorsPerSecond)];

    /// <summary>Seconds within which half were answered.</summary>
    public static IReadOnlyList<double?> Median(Signals signals) => [.. signals.Points.Select(p => p.P50?.TotalSeconds)];

    /// <summary>Seconds within which 99 of 100 were answered.</summary>
    public static IReadOnlyList<double?> Slowest(Signals signals) => [.. signals.Points.Select(p => p.P99?.TotalSeconds)];

    /// <summary>When each point ends, for tables; in UTC.</summary>
    public static IReadOnlyList<string> Times(Signals signals) =>
        [.. signals.Points.Select(p => p.Time.UtcDateTime.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Seconds, written as a duration.</summary>
    public static string Seconds(double? value) => Format.Duration(value is { } v && double.IsFinite(v) ? TimeSpan.FromSeconds(v) : null);

    /// <summary>A series' last point.</summary>
    public static double Now(RecentSeries series) => series.Points.Count == 0 ? 0 : series.Points[^1].Value;
}
