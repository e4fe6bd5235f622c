namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// What <c>/metrics</c> showed over the last minutes, series by series.
/// </summary>
/// <remarks>
/// <para>Sampled every second while somebody looks (<see cref="Onlookers"/>), every <see cref="IdleInterval"/> otherwise. A second
/// reader of the meters, or a listener of our own, would cost every request; a sample costs only itself.</para>
/// <para>Bounds: <see cref="MaxAge"/>; <see cref="MaxSeries"/> series; some 8 MiB of changes. Safe for concurrent use.</para>
/// </remarks>
public sealed class RecentMetrics
{
    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>How often is sampled while nobody looks.</summary>
    public static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(5);

    /// <summary>The least stretch of time of a point.</summary>
    public static readonly TimeSpan MinStep = TimeSpan.FromSeconds(1);

    /// <summary>How many series are kept.</summary>
    public const int MaxSeries = SeriesStore.MaxSeries;

    /// <summary>A step that takes a window as a whole.</summary>
    internal static readonly TimeSpan OneStep = TimeSpan.MaxValue;

    private readonly Lock _gate = new();
    private readonly SampleClock _clock = new();
    private readonly SeriesStore _series;
    private readonly SignalStore _signals;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _help = new(StringComparer.Ordinal);
    private long? _sampledAt;

    internal RecentMetrics(TimeProvider time)
    {
        _time = time;
        (_series, _signals) = (new(_clock), new(_clock));
    }

    /// <summary>How many series are kept, and how many there was no room for.</summary>
    public (int Kept, int LeftOut) Series
    {
        get
        {
            lock (_gate)
                return (_series.Count, _series.LeftOut);
        }
    }

    /// <summary>The number of the newest sample; moves with every one.</summary>
    public int LastSample
    {
        get
        {
            lock (_gate)
                return _clock.Last;
        }
    }

    /// <summary>The series whose names begin so, by name and labels; of histograms their counts and sums.</summary>
    /// <param name="namePrefix">Such as <c>groundwork_links_</c>.</param>
    /// <param name="window">How far back, at most <see cref="MaxAge"/>.</param>
    /// <param name="step">The stretch of time of a point, at least <see cref="MinStep"/>.</param>
    public IReadOnlyList<RecentSeries> Find(string namePrefix, TimeSpan window, TimeSpan step)
    {
        Check(window, step);
        lock (_gate)
            return _series.Find(namePrefix, _clock.Bins(_time.GetUtcNow(), window, step));
    }

    /// <summary>A module's golden signals; <see cref="SignalStore.Everything"/> for all.</summary>
    internal IReadOnlyList<SignalPoint> Signals(string module, TimeSpan window, TimeSpan step)
    {
        Check(window, step);
        lock (_gate)
            return _signals.Read(module, _clock.Bins(_time.GetUtcNow(), window, step));
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="text">In Prometheus's text format.</param>
    /// <param name="routes">Which module each route belongs to.</param>
    internal void Take(ReadOnlySpan<char> text, RouteModules routes)
    {
        lock (_gate)
        {
            var isFirst = _sampledAt is null;
            var seconds = _sampledAt is { } before ? _time.GetElapsedTime(before).TotalSeconds : 0;
            _sampledAt = _time.GetTimestamp();
            _clock.Add(_time.GetUtcNow(), seconds);

            Family? family = null;
            var lines = new Exposition(text);
            while (lines.Read())
            {
                if (lines.Line == ExpositionLine.Help)
                    Explain(lines.Key, lines.Comment);
                else if (lines.Line == ExpositionLine.Type)
                    family = FamilyOf(lines.Key, lines.Comment);
                else if (SignalStore.IsOwn(lines.Key))
                    _signals.Take(lines.Key, lines.Value, isFirst, routes);
                else if (family is not null && !IsBucket(family, lines.Key))
                    _series.Take(lines.Key, family, lines.Value, isFirst);
            }

            _series.Trim();
            _signals.Trim();
        }
    }

    private static bool IsBucket(Family family, ReadOnlySpan<char> key) =>
        family.IsHistogram && Exposition.NameOf(key).EndsWith("_bucket");

    private void Explain(ReadOnlySpan<char> name, ReadOnlySpan<char> help)
    {
        var known = _help.GetAlternateLookup<ReadOnlySpan<char>>();
        if (_help.Count < MaxSeries && !known.ContainsKey(name))
            known[name] = help.ToString();
    }

    private Family? FamilyOf(ReadOnlySpan<char> name, ReadOnlySpan<char> type)
    {
        var known = _families.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(name, out var family) || _families.Count >= MaxSeries)
            return family;
        var isHistogram = type is "histogram" or "summary";
        var text = name.ToString();
        family = new Family(text, isHistogram || type is "counter" ? SeriesKind.Counter : SeriesKind.Gauge, isHistogram, _help.GetValueOrDefault(text, ""));
        _families.Add(text, family);
        return family;
    }

    private static void Check(TimeSpan window, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, MinStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, MinStep);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxAge);
    }
}
