using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// Appends a page of events to the broker, and says what became of each. Used once.
/// </summary>
/// <remarks>
/// <para>In waves: the first events of all lanes, then the second ones, and so on, each wave an append a topic. For where an append fails, any of its records may
/// be there; two of one key in one append could then be there with the later one only, and when both are appended again the key's order is lost.
/// So a wave costs an append whatever it holds: many keys go many together, and one key an event at a time.</para>
/// <para>Where a topic's append is refused, its events are appended one by one, to find whose fault it is. An event that is refused holds back its lane. A broker that is
/// away ends the page and is nobody's fault.</para>
/// </remarks>
internal sealed class RelayPage(IBroker broker, IReadOnlyList<OutboxRow> rows)
{
    private readonly List<OutboxRow> _relayed = new(rows.Count);
    private readonly List<(OutboxRow Row, string Reason)> _refused = [];
    private readonly HashSet<(string, long)> _held = [];

    /// <summary>What is in its topic.</summary>
    public IReadOnlyList<OutboxRow> Relayed => _relayed;

    /// <summary>What was refused, and why.</summary>
    public IReadOnlyList<(OutboxRow Row, string Reason)> Refused => _refused;

    /// <summary>Why the page was not ended; null where it was.</summary>
    public BrokerException? Away { get; private set; }

    /// <summary>Appends the page.</summary>
    /// <param name="mayGoOn">Asked before each wave.</param>
    /// <param name="cancellationToken">Ends it; what was begun may be in its topic all the same.</param>
    public async Task RunAsync(Func<ValueTask<bool>> mayGoOn, CancellationToken cancellationToken)
    {
        foreach (var wave in Waves())
        {
            if (!await mayGoOn())
                return;
            foreach (var topic in wave.Where(row => LaneOf(row) is not { } lane || !_held.Contains(lane)).GroupBy(row => row.Topic).ToList())
            {
                await AppendAsync(topic.Key, [.. topic], cancellationToken);
                if (Away is not null)
                    return;
            }
        }
    }

    private List<IGrouping<int, OutboxRow>> Waves()
    {
        var seen = new Dictionary<(string, long), int>();
        return rows.GroupBy(WaveOf).OrderBy(wave => wave.Key).ToList();

        int WaveOf(OutboxRow row)
        {
            if (LaneOf(row) is not { } lane)
                return 0;
            var wave = seen.GetValueOrDefault(lane);
            seen[lane] = wave + 1;
            return wave;
        }
    }

    private static (string, long)? LaneOf(OutboxRow row) => row.Lane is { } lane ? (row.DistributionKey, lane) : null;

    private async Task AppendAsync(string topic, IReadOnlyList<OutboxRow> events, CancellationToken cancellationToken)
    {
        try
        {
            await broker.AppendAsync(topic, [.. events.Select(row => row.Record)], cancellationToken);
            _relayed.AddRange(events);
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Unavailable)
        {
            Away = e;
        }
        catch (Exception e) when (e is BrokerException or ArgumentException)
        {
            if (events.Count > 1)
                await AppendEachAsync(topic, events, cancellationToken);
            else
                Refuse(events[0], e.Message);
        }
    }

    private async Task AppendEachAsync(string topic, IReadOnlyList<OutboxRow> events, CancellationToken cancellationToken)
    {
        foreach (var row in events)
        {
            await AppendAsync(topic, [row], cancellationToken);
            if (Away is not null)
                return;
        }
    }

    private void Refuse(OutboxRow row, string reason)
    {
        _refused.Add((row, reason));
        if (LaneOf(row) is { } lane)
            _held.Add(lane);
    }
}
