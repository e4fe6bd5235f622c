namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>What a series' numbers mean.</summary>
public enum SeriesKind
{
    /// <summary>Something that is now so much: points are its values.</summary>
    Gauge,

    /// <summary>Something that is counted: points are how much came per second.</summary>
    Counter,
}

/// <summary>A metric with one set of labels, over the last minutes. Immutable.</summary>
/// <param name="Name">As <c>/metrics</c> has it: <c>groundwork_links_redirects_total</c>.</param>
/// <param name="Help">What it is, in words; empty where nobody says.</param>
/// <param name="Labels">Its labels, without those of the exporter's own.</param>
/// <param name="Kind">What the points mean.</param>
/// <param name="Latest">A gauge's value now, or the count since the start.</param>
/// <param name="Points">Oldest first.</param>
public sealed record RecentSeries(
    string Name,
    string Help,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    SeriesKind Kind,
    double Latest,
    IReadOnlyList<SeriesPoint> Points);

/// <summary>One point of a series.</summary>
/// <param name="Time">The end of the time that it is about.</param>
/// <param name="Value">See <see cref="SeriesKind"/>.</param>
public readonly record struct SeriesPoint(DateTimeOffset Time, double Value);

/// <summary>The golden signals of a module, or of all, over the last minutes. Immutable.</summary>
/// <param name="Latest">Of the last <see cref="GoldenSignals.LatestWindow"/>.</param>
/// <param name="Points">Oldest first.</param>
public sealed record Signals(SignalPoint Latest, IReadOnlyList<SignalPoint> Points);

/// <summary>The golden signals of a stretch of time.</summary>
/// <param name="Time">Its end.</param>
/// <param name="RequestsPerSecond">How many were answered.</param>
/// <param name="ErrorsPerSecond">How many of them with 5xx.</param>
/// <param name="P50">Half of them took no longer; null where there were none.</param>
/// <param name="P99">99 of a hundred took no longer; null where there were none. At most 10 s: what takes longer is counted there.</param>
public readonly record struct SignalPoint(
    DateTimeOffset Time, double RequestsPerSecond, double ErrorsPerSecond, TimeSpan? P50, TimeSpan? P99);
