using System.Diagnostics.Metrics;
using Groundwork.Links.Clicks;

namespace Groundwork.Links;

/// <summary>
/// What Links reports of itself, beside the requests that the house counts by route and status. All of it is read when somebody
/// asks, so that a redirect pays nothing for it.
/// </summary>
internal sealed class LinksTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Links");

    public LinksTelemetry(RedirectCache cache, ClickRecorder recorder, IClickIntake intake, Blocklist blocklist, ClickPublisher? publisher = null, TopicClickCounter? counter = null)
    {
        _meter.CreateObservableCounter(
            "groundwork.links.cache.lookups",
            () => new Measurement<long>[]
            {
                new(cache.Counts.Hits, Result("hit")), new(cache.Counts.Misses, Result("miss")), new(cache.Counts.StaleServed, Result("stale")),
            },
            "{lookup}", "Look-ups of links to follow: answered by the cache, by the database, or by an entry past its life because the database is down.");
        _meter.CreateObservableCounter("groundwork.links.cache.refreshes", () => cache.Counts.Refreshes, "{load}", "Entries loaded again ahead of their end.");
        _meter.CreateObservableCounter("groundwork.links.cache.shed", () => cache.Counts.Shed, "{load}", "Look-ups that were turned away because too many waited for the database.");
        _meter.CreateObservableCounter("groundwork.links.clicks.counted", () => intake.Counted, "{click}", "Clicks of any kind that were counted.");
        _meter.CreateObservableCounter("groundwork.links.clicks.dropped", () => recorder.Dropped, "{click}", "Clicks that were not counted because the buffer was full.");
        _meter.CreateObservableCounter("groundwork.links.clicks.lost", () => intake.Lost + (publisher?.Lost ?? 0), "{click}", "Clicks that were dropped because the database, or the broker, did not take them.");
        if (publisher is not null)
            _meter.CreateObservableCounter("groundwork.links.clicks.published", () => publisher.Published, "{click}", "Clicks that were appended to the topic links.clicks.");
        if (counter is not null)
            _meter.CreateObservableCounter("groundwork.links.clicks.skipped", () => counter.Skipped, "{record}", "Records of the topic links.clicks that were no clicks, or had been counted.");
        _meter.CreateObservableGauge("groundwork.links.blocked.hosts", () => blocklist.Hosts.Count, "{host}", "Hosts to which no link may lead.");
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);
}
