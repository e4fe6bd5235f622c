using System.Globalization;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// The server's own histogram of requests, folded by module as it is sampled, so that a percentile over any stretch of time
/// is that of its requests. Not for concurrent use.
/// </summary>
/// <remarks>Bound: a sample takes some 120 bytes for each module that answered anything in it.</remarks>
internal sealed class SignalStore(SampleClock clock)
{
    /// <summary>The histogram's name.</summary>
    public const string Family = "http_server_request_duration_seconds";

    /// <summary>Its buckets' upper bounds, in seconds; those of OpenTelemetry's convention are among them.</summary>
    public static readonly double[] Bounds =
    [
        0.0001, 0.00015, 0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075,
        0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 7.5, 10,
    ];

    private const int MaxCells = SeriesStore.MaxSeries * 10;
    private const string Bucket = Family + "_bucket";

    private readonly Dictionary<string, Cell?> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Counts>> _modules = new(StringComparer.Ordinal);
    private Dictionary<string, Counts> _now = new(StringComparer.Ordinal);

    /// <summary>Under which all requests are counted but those of the console itself.</summary>
    public const string Everything = "";

    /// <summary>Whether a sample is one of the histogram's.</summary>
    public static bool IsOwn(ReadOnlySpan<char> key) => key.StartsWith(Family);

    /// <summary>Takes a value of the newest sample.</summary>
    public void Take(ReadOnlySpan<char> key, double value, bool isFirst, RouteModules routes)
    {
        if (!key.StartsWith(Bucket))
            return;
        if (!_cells.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var cell))
        {
            if (_cells.Count >= MaxCells)
                return;
            cell = Cell.Of(key, routes);
            if (cell is not null && isFirst)
                cell.Last = value;
            _cells.Add(key.ToString(), cell);
        }

        if (cell is null)
            return;
        var added = (long)(value < cell.Last ? value : value - cell.Last);
        cell.Last = value;
        if (added == 0)
            return;
        foreach (var module in cell.Modules)
        {
            if (!_now.TryGetValue(module, out var counts))
                _now[module] = counts = new Counts(clock.Last);
            counts.Add(cell, added);
        }
    }

    /// <summary>Keeps what was taken, and forgets what is too old.</summary>
    public void Trim()
    {
        foreach (var (module, counts) in _now)
        {
            if (!_modules.TryGetValue(module, out var kept))
                _modules[module] = kept = new();
            kept.Enqueue(counts);
        }

        _now = new(StringComparer.Ordinal);
        foreach (var kept in _modules.Values)
        {
            while (kept.TryPeek(out var counts) && counts.Sample < clock.First)
                kept.Dequeue();
        }
    }

    /// <summary>A module's signals in each stretch of time.</summary>
    public IReadOnlyList<SignalPoint> Read(string module, SampleBins bins)
    {
        var sums = new Counts?[bins.Count];
        foreach (var counts in _modules.TryGetValue(module, out var kept) ? kept : [])
        {
            if (bins.OfSample(counts.Sample) is >= 0 and var bin)
                (sums[bin] ??= new Counts(0)).Add(counts);
        }

        return [.. sums.Select((sum, i) => sum is null ? new SignalPoint(bins.Ends[i], 0, 0, null, null) : sum.Point(bins.Ends[i], bins.Seconds[i]))];
    }

    /// <summary>One bucket of one set of labels.</summary>
    private sealed class Cell(string[] modules, bool isError, int bucket)
    {
        public string[] Modules => modules;

        public bool IsError => isError;

        public int Bucket => bucket;

        public double Last { get; set; }

        public static Cell? Of(ReadOnlySpan<char> key, RouteModules routes)
        {
            var (route, status, bound) = ((string?)null, "", "");
            foreach (var (name, value) in Exposition.LabelsOf(key))
            {
                if (name == "http_route")
                    route = value;
                else if (name == "http_response_status_code")
                    status = value;
                else if (name == "le")
                    bound = value;
            }

            var bucket = bound == "+Inf" ? Bounds.Length
                : double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? Array.IndexOf(Bounds, seconds) : -1;
            if (bucket < 0)
                return null;
            List<string> modules = [];
            if (route is null || !RouteModules.IsConsole(route))
                modules.Add(Everything);
            if (route is not null && routes.Of(route) is { } module)
                modules.Add(module);
            return modules.Count == 0 ? null : new Cell([.. modules], status.StartsWith('5'), bucket);
        }
    }

    /// <summary>How many requests took no longer than each bound, in one sample.</summary>
    private sealed class Counts(int sample)
    {
        private readonly uint[] _upTo = new uint[Bounds.Length + 1];
        private uint _errors;

        public int Sample => sample;

        public void Add(Cell cell, long count)
        {
            _upTo[cell.Bucket] += (uint)count;
            if (cell.IsError && cell.Bucket == Bounds.Length)
                _errors += (uint)count;
        }

        public void Add(Counts other)
        {
            for (var i = 0; i < _upTo.Length; i++)
                _upTo[i] += other._upTo[i];
            _errors += other._errors;
        }

        public SignalPoint Point(DateTimeOffset end, double seconds) =>
            new(end, _upTo[^1] / seconds, _errors / seconds, Quantile(0.5), Quantile(0.99));

        // Within a bucket, requests are taken to be spread evenly.
        private TimeSpan? Quantile(double share)
        {
            var total = _upTo[^1];
            if (total == 0)
                return null;
            var rank = share * total;
            for (var i = 0; i < Bounds.Length; i++)
            {
                if (_upTo[i] < rank)
                    continue;
                var (below, lower) = i == 0 ? (0u, 0) : (_upTo[i - 1], Bounds[i - 1]);
                return TimeSpan.FromSeconds(lower + ((Bounds[i] - lower) * (rank - below) / (_upTo[i] - below)));
            }

            return TimeSpan.FromSeconds(Bounds[^1]);
        }
    }
}
