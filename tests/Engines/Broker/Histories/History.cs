namespace Groundwork.Broker.Tests.Histories;

/// <summary>What producers sent and what consumers read, as they saw it. Safe for concurrent callers.</summary>
/// <remarks>Values are texts, each sent once: <c>PRODUCER/NUMBER</c>, where a producer's numbers grow. One producer writes to one partition.</remarks>
internal sealed class History
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Sent> _sent = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(int Partition, long Offset), string> _read = [];
    private readonly List<Finding> _findings = [];

    /// <summary>How many values were acknowledged, and how many places were read.</summary>
    public (int Acknowledged, int Read) Count
    {
        get
        {
            lock (_lock)
                return (_sent.Values.Count(sent => sent.Outcome == Outcome.Acknowledged), _read.Count);
        }
    }

    /// <summary>A value goes out; what becomes of it is not known yet.</summary>
    public void Send(int partition, string value)
    {
        lock (_lock)
            _sent[value] = new Sent(partition, Outcome.Unknown, -1);
    }

    /// <summary>The broker said that it keeps a value, and where.</summary>
    public void Acknowledge(string value, long offset)
    {
        lock (_lock)
            _sent[value] = _sent[value] with { Outcome = Outcome.Acknowledged, Offset = offset };
    }

    /// <summary>The broker said that it does not take a value.</summary>
    public void Refuse(string value)
    {
        lock (_lock)
            _sent[value] = _sent[value] with { Outcome = Outcome.Refused };
    }

    /// <summary>A value was read.</summary>
    public void Read(int partition, long offset, string value)
    {
        lock (_lock)
        {
            if (!_read.TryAdd((partition, offset), value) && _read[(partition, offset)] is var before && before != value)
                _findings.Add(new(Kind.Diverged, $"Partition {partition}, offset {offset}: {before} was read, and later {value}."));
        }
    }

    /// <summary>What is wrong with it. Only what lies before the last offset that was read can be lost.</summary>
    public IReadOnlyList<Finding> Check()
    {
        lock (_lock)
        {
            var findings = new List<Finding>(_findings);
            var places = new Dictionary<string, (int Partition, long Offset)>(StringComparer.Ordinal);
            var (ends, lasts) = (new Dictionary<int, long>(), new Dictionary<(int, string), (long Number, string Value)>());
            foreach (var (place, value) in _read)
            {
                ends[place.Partition] = place.Offset;
                if (!places.TryAdd(value, place))
                    findings.Add(new(Kind.Duplicated, $"{value} is at {places[value]} and at {place}."));
                else
                    CheckOrder(place, value, lasts, findings);
                if (!_sent.TryGetValue(value, out var sent) || sent.Outcome == Outcome.Refused)
                    findings.Add(new(Kind.Invented, $"{value} at {place} was {(sent is null ? "never sent" : "refused")}."));
                else if (sent.Outcome == Outcome.Acknowledged && sent.Offset != place.Offset && places[value] == place)
                    findings.Add(new(Kind.Diverged, $"{value} was acknowledged at offset {sent.Offset} and is at {place}."));
            }

            foreach (var (value, sent) in _sent)
            {
                if (sent.Outcome == Outcome.Acknowledged && !places.ContainsKey(value) && ends.GetValueOrDefault(sent.Partition, -1) > sent.Offset)
                    findings.Add(new(Kind.Lost, $"{value} was acknowledged at offset {sent.Offset} of partition {sent.Partition}, and is not there."));
            }

            return findings;
        }
    }

    private static void CheckOrder((int Partition, long Offset) place, string value, Dictionary<(int, string), (long Number, string Value)> lasts, List<Finding> findings)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !long.TryParse(value.AsSpan(slash + 1), out var number))
            return;
        var producer = (place.Partition, value[..slash]);
        if (lasts.TryGetValue(producer, out var last) && last.Number > number)
            findings.Add(new(Kind.Reordered, $"{value} at {place} comes behind {last.Value}."));
        lasts[producer] = (number, value);
    }

    private enum Outcome
    {
        Unknown,
        Acknowledged,
        Refused,
    }

    private sealed record Sent(int Partition, Outcome Outcome, long Offset);

    /// <summary>What can be wrong.</summary>
    internal enum Kind
    {
        /// <summary>It was acknowledged, and others behind it were read, but not it.</summary>
        Lost,

        /// <summary>It is at two places, though its producer is idempotent.</summary>
        Duplicated,

        /// <summary>It is behind one that its producer sent later.</summary>
        Reordered,

        /// <summary>Two who looked at one place saw different things.</summary>
        Diverged,

        /// <summary>It was read, and nobody sent it, or the broker had refused it.</summary>
        Invented,
    }

    /// <summary>Something that is wrong.</summary>
    internal sealed record Finding(Kind Kind, string Sentence);
}
