using System.Globalization;
using System.Text;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Drills;

/// <summary>Compares, once all is still, what committed with what was told of it and with what became of that.</summary>
/// <param name="findings">Takes what the claim forbids.</param>
internal sealed class ToldEvents(Findings findings)
{
    /// <summary>How many changes committed.</summary>
    public int Committed { get; private set; }

    /// <summary>How many records there are beyond one an event.</summary>
    public long Repeated { get; private set; }

    /// <summary>Reads the tables and the topic.</summary>
    public async Task CheckAsync(IDatabase database, IBroker broker, CancellationToken cancellationToken)
    {
        var changes = await ItemRows.ChangesAsync(database, cancellationToken);
        var told = await CheckTopicAsync(broker, changes, cancellationToken);
        foreach (var (id, change) in changes.Where(change => !told.Contains(change.Key)))
            findings.Add("changes that committed were not told", Example(id, change));
        var effects = await ItemRows.EffectsAsync(database, cancellationToken);
        foreach (var (id, change) in changes)
        {
            var times = effects.GetValueOrDefault(id);
            findings.Require(times <= 1, "events took effect more than once", Example(id, change));
            findings.Require(times > 0 || !told.Contains(id), "events that were told took no effect", Example(id, change));
        }

        Committed = changes.Count;
    }

    private static string Example(string id, (string Item, long Version) change) =>
        string.Create(CultureInfo.InvariantCulture, $"change {change.Version:N0} of {change.Item}, event {id}");

    private async Task<HashSet<string>> CheckTopicAsync(
        IBroker broker, Dictionary<string, (string Item, long Version)> changes, CancellationToken cancellationToken)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var partition = 0; partition < OutboxLife.Partitions; partition++)
        {
            var range = await broker.RangeAsync(OutboxLife.Topic, partition, cancellationToken);
            if (range.Start == range.End)
                continue;
            await foreach (var record in broker.ReadAsync(OutboxLife.Topic, partition, ReadStart.Earliest, null, cancellationToken))
            {
                Check(record);
                if (record.Offset + 1 >= range.End)
                    break;
            }
        }

        return told;

        void Check(in IncomingRecord record)
        {
            var id = EventHeaders.IdOf(record);
            if (!told.Add(id))
            {
                Repeated++;
            }
            else if (!changes.TryGetValue(id, out var change))
            {
                findings.Add("changes that did not commit were told", $"event {id}");
            }
            else
            {
                findings.Require(Encoding.UTF8.GetString(record.Key!.Value.Span) == change.Item, "events have another key than their change", Example(id, change));
                findings.Require(change.Version > newest.GetValueOrDefault(change.Item), "events came out of order", Example(id, change));
                newest[change.Item] = Math.Max(change.Version, newest.GetValueOrDefault(change.Item));
            }
        }
    }
}
