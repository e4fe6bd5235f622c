namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Every series that was sampled, and how it changed from sample to sample. What did not change takes nothing.
/// </summary>
/// <remarks>
/// Bounds: <see cref="MaxSeries"/> series, those that come later are counted only; <see cref="MaxChanges"/> changes of
/// 8 bytes, beyond which the oldest samples are forgotten before their time. Not for concurrent use.
/// </remarks>
internal sealed class SeriesStore(SampleClock clock)
{
    /// <summary>How many series are kept.</summary>
    public const int MaxSeries = 5000;

    /// <summary>How many changes are kept of all of them.</summary>
    public const int MaxChanges = 1 << 20;

    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>How many series there are.</summary>
    public int Count => _series.Count;

    /// <summary>How many were not taken, up to <see cref="MaxSeries"/> of them.</summary>
    public int LeftOut => _leftOut.Count;

    /// <summary>Takes a value of the newest sample.</summary>
    /// <param name="key">Name and labels, as they stand.</param>
    /// <param name="family">Its family's type and explanation.</param>
    /// <param name="value">The value.</param>
    /// <param name="isFirst">Whether nothing was sampled before: then a count is where counting begins.</param>
    public void Take(ReadOnlySpan<char> key, Family family, double value, bool isFirst)
    {
        if (!_series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                if (_leftOut.Count < MaxSeries)
                    _leftOut.GetAlternateLookup<ReadOnlySpan<char>>().Add(key);
                return;
            }

            series = new Series(key, family);
            if (isFirst && family.Kind == SeriesKind.Counter)
                series.Last = value;
            _series.Add(key.ToString(), series);
        }

        // A count that is less than it was began anew.
        var change = family.Kind == SeriesKind.Gauge || value < series.Last ? value : value - series.Last;
        var isNews = family.Kind == SeriesKind.Gauge ? series.Changes.Count == 0 || value != series.Last : change != 0;
        series.Last = value;
        if (isNews)
        {
            series.Changes.Enqueue(new(clock.Last, (float)change));
            _changes++;
        }
    }

    /// <summary>Forgets what is older than the clock's first sample, and as many of those as the bound asks for.</summary>
    public void Trim()
    {
        do
        {
            foreach (var series in _series.Values)
            {
                while (series.Changes.TryPeek(out var change) && change.Sample < clock.First)
                {
                    series.Before = change.Amount;
                    series.Changes.Dequeue();
                    _changes--;
                }
            }
        }
        while (_changes > MaxChanges && clock.Forget());
    }

    /// <summary>The series whose names begin so.</summary>
    public IReadOnlyList<RecentSeries> Find(string namePrefix, SampleBins bins) =>
    [
        .. _series.Values
            .Where(s => s.Name.StartsWith(namePrefix, StringComparison.Ordinal))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => string.Join(',', s.Labels), StringComparer.Ordinal)
            .Select(s => new RecentSeries(s.Name, s.Family.Help, s.Labels, s.Family.Kind, s.Last, s.Family.Kind == SeriesKind.Counter ? Rates(s, bins) : Values(s, bins))),
    ];

    private static SeriesPoint[] Rates(Series series, SampleBins bins)
    {
        var sums = new double[bins.Count];
        foreach (var change in series.Changes)
        {
            if (bins.OfSample(change.Sample) is >= 0 and var bin)
                sums[bin] += change.Amount;
        }

        return [.. sums.Select((sum, i) => new SeriesPoint(bins.Ends[i], sum / bins.Seconds[i]))];
    }

    // A gauge keeps its value until it changes.
    private static SeriesPoint[] Values(Series series, SampleBins bins)
    {
        var points = new SeriesPoint[bins.Count];
        double value = series.Before;
        using var changes = series.Changes.GetEnumerator();
        var more = changes.MoveNext();
        for (var i = 0; i < bins.Of.Length; i++)
        {
            for (; more && changes.Current.Sample <= bins.First + i; more = changes.MoveNext())
                value = changes.Current.Amount;
            if (bins.Of[i] is >= 0 and var bin)
                points[bin] = new(bins.Ends[bin], value);
        }

        return points;
    }

    private sealed class Series(ReadOnlySpan<char> key, Family family)
    {
        public string Name { get; } = Exposition.NameOf(key).ToString();

        public IReadOnlyList<KeyValuePair<string, string>> Labels { get; } =
            [.. Exposition.LabelsOf(key).Where(l => !l.Key.StartsWith("otel_scope_", StringComparison.Ordinal))];

        public Family Family { get; } = family;

        public Queue<Change> Changes { get; } = new();

        public double Last { get; set; }

        /// <summary>A gauge's value before the first change that is kept.</summary>
        public float Before { get; set; }
    }

    private readonly record struct Change(int Sample, float Amount);
}

/// <summary>What is the same for all series of a name.</summary>
internal sealed record Family(string Name, SeriesKind Kind, bool IsHistogram, string Help);
