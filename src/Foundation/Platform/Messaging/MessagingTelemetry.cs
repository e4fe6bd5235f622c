using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Groundwork.Platform.Messaging;

/// <summary>What outboxes and consumers report of themselves, each under its name.</summary>
public sealed class MessagingTelemetry : IDisposable
{
    private const string Outbox = "outbox";
    private const string Group = "group";

    private readonly Meter _meter = new("Groundwork.Messaging");
    private readonly ConcurrentDictionary<OutboxRelay, bool> _relays = new();
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _given;
    private readonly Counter<long> _handled;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _letters;

    /// <summary>Begins to report.</summary>
    public MessagingTelemetry()
    {
        _meter.CreateObservableGauge("groundwork.outbox.waiting", () => Of(backlog => backlog.Waiting), "{event}", "Events that are committed and not relayed yet.");
        _meter.CreateObservableGauge("groundwork.outbox.oldest_age", () => Of(backlog => backlog.OldestAge.TotalSeconds), "s", "How long the longest-waiting event has waited.");
        _meter.CreateObservableGauge("groundwork.outbox.dead", () => Of(backlog => backlog.Dead), "{event}", "Events that were given up and lie in the dead letters.");
        _relayed = _meter.CreateCounter<long>("groundwork.outbox.relayed", "{event}", "Events that were appended to their topics.");
        _refused = _meter.CreateCounter<long>("groundwork.outbox.refused", "{event}", "Tries at an event that the broker refused.");
        _given = _meter.CreateCounter<long>("groundwork.outbox.given_up", "{event}", "Events that went to the dead letters.");
        _handled = _meter.CreateCounter<long>("groundwork.consumer.handled", "{event}", "Records that a consumer is done with.");
        _failed = _meter.CreateCounter<long>("groundwork.consumer.failed", "{event}", "Tries at a record that failed.");
        _letters = _meter.CreateCounter<long>("groundwork.consumer.given_up", "{event}", "Records that went to a topic of dead letters.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Watch(OutboxRelay relay) => _relays[relay] = true;

    internal void Forget(OutboxRelay relay) => _relays.TryRemove(relay, out _);

    internal void Relayed(string outbox, int count) => _relayed.Add(count, Tag(Outbox, outbox));

    internal void Refused(string outbox) => _refused.Add(1, Tag(Outbox, outbox));

    internal void GivenUp(string outbox) => _given.Add(1, Tag(Outbox, outbox));

    internal void Handled(string group) => _handled.Add(1, Tag(Group, group));

    internal void Failed(string group) => _failed.Add(1, Tag(Group, group));

    internal void Letter(string group) => _letters.Add(1, Tag(Group, group));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private IEnumerable<Measurement<T>> Of<T>(Func<OutboxBacklog, T> value)
        where T : struct
    {
        foreach (var relay in _relays.Keys)
        {
            if (relay.Backlog is { } backlog)
                yield return new(value(backlog), Tag(Outbox, relay.Name));
        }
    }
}
