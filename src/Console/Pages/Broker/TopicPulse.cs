using Groundwork.Console.Design;
using Groundwork.Console.Design.Charts;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Pages.Broker;

/// <summary>What came to a topic and went from it over the last minutes, as charts take it; made anew for each look.</summary>
internal sealed class TopicPulse
{
    private const string Records = "groundwork_broker_topic_records_total";
    private const string Bytes = "groundwork_broker_topic_bytes_total";

    /// <param name="metrics">The last minutes.</param>
    /// <param name="topic">Which topic; null for all.</param>
    public TopicPulse(RecentMetrics metrics, string? topic)
    {
        var (records, bytes) = (Of(metrics, Records, topic), Of(metrics, Bytes, topic));
        (RecordsIn, RecordsOut) = (Sum(records, "in"), Sum(records, "out"));
        (BytesIn, BytesOut) = (Sum(bytes, "in"), Sum(bytes, "out"));
        var times = records.FirstOrDefault()?.Points.Select(p => (DateTimeOffset?)p.Time).ToList() ?? [];
        Axis = new TimeAxis([.. Enumerable.Repeat((DateTimeOffset?)null, Math.Max(0, RecordsIn.Count - times.Count)), .. times], TimeStep.Second);
    }

    /// <summary>Records a second that came.</summary>
    public IReadOnlyList<double?> RecordsIn { get; }

    /// <summary>Records a second that were read.</summary>
    public IReadOnlyList<double?> RecordsOut { get; }

    /// <summary>Bytes a second that came.</summary>
    public IReadOnlyList<double?> BytesIn { get; }

    /// <summary>Bytes a second that were read.</summary>
    public IReadOnlyList<double?> BytesOut { get; }

    /// <summary>When each point is.</summary>
    public TimeAxis Axis { get; }

    private static List<RecentSeries> Of(RecentMetrics metrics, string name, string? topic) =>
        [.. metrics.Find(name, Pulse.Window, Pulse.Step).Where(s => topic is null || s.Labels.Any(l => l.Key == "topic" && l.Value == topic))];

    private static IReadOnlyList<double?> Sum(List<RecentSeries> series, string direction) =>
        Pulse.Sum(series.Where(s => s.Labels.Any(l => l.Key == "direction" && l.Value == direction)));
}
