using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// The last traces, to be searched by people: a few a second, recorded while somebody looks (<see cref="Onlookers"/>).
/// </summary>
/// <remarks>
/// <para>Only then, because a listener makes the server read every request's trace headers and ask about it, and that costs more
/// than 0.5% of a redirect's processor time even where the answer is nearly always no. While nobody looks there is no
/// listener, and requests pay nothing.</para>
/// <para>Beside the exporter of <c>Telemetry:Otlp</c>: what is recorded here is asked for without the mark "recorded", so nothing is
/// exported because somebody looks; and where the exporter samples a request, only its spans' end is seen here.</para>
/// <para>A trace begins with a request, or with a span of the kind consumer: a piece of work that nobody waits for. What else begins
/// without a parent may belong to a request that was not chosen. It is kept whole once its beginning has ended.</para>
/// <para>Bounds: the setting's traces a second; <see cref="MaxUnderWay"/> under way; <see cref="MaxSpans"/> spans each;
/// <see cref="MaxBytes"/> and <see cref="MaxAge"/>, the oldest go first. The console's own requests have a quarter of the same for
/// themselves, so that looking does not push out what is looked for; its streams are not recorded. Safe for concurrent use.</para>
/// </remarks>
public sealed class RecentTraces : IDisposable
{
    /// <summary>How old a trace may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    /// <summary>How much memory all take, about.</summary>
    public const long MaxBytes = 4 << 20;

    /// <summary>How many spans of a trace are kept.</summary>
    public const int MaxSpans = 128;

    /// <summary>How many are recorded at once.</summary>
    public const int MaxUnderWay = 64;

    private const string Server = "Microsoft.AspNetCore";
    private const string Own = "Groundwork.";
    private const string ConsoleStream = "/_/live";
    private const int ConsoleShare = 4;

    // What began and was not seen to end makes room after this.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ActivityTraceId, TraceUnderWay> _underWay = new();
    private readonly TraceShelf _others;
    private readonly TraceShelf _console;
    private readonly Lock _gate = new();
    private readonly Lock _listening = new();
    private readonly Onlookers _onlookers;
    private readonly TimeProvider _time;
    private ActivityListener? _listener;
    private long _lastId;
    private bool _disposed;

    internal RecentTraces(int perSecond, Onlookers onlookers, TimeProvider time)
    {
        (PerSecond, _onlookers, _time) = (perSecond, onlookers, time);
        _others = new(perSecond, MaxUnderWay, MaxBytes, time);
        _console = new(perSecond == 0 ? 0 : Math.Max(1, perSecond / ConsoleShare), MaxUnderWay / ConsoleShare, MaxBytes / ConsoleShare, time);
        onlookers.Began += Refresh;
    }

    /// <summary>How many are recorded a second at most; 0 where none are.</summary>
    public int PerSecond { get; }

    /// <summary>The id of the newest trace; 0 where there never was one. Moves with every one.</summary>
    public long LastId => Volatile.Read(ref _lastId);

    /// <summary>Whether requests are watched now.</summary>
    public bool IsRecording => Volatile.Read(ref _listener) is not null;

    /// <summary>The traces that a query is about, the last to end first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    public RecentPage<RecentTrace> Search(TraceQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, TraceQuery.MaxLimit);
        RecentTrace[] all;
        lock (_gate)
        {
            _others.ForgetOld();
            _console.ForgetOld();
            all = [.. query.WithConsole ? _others.Traces.Concat(_console.Traces).OrderBy(t => t.Id) : _others.Traces];
        }

        var found = new List<RecentTrace>();
        for (var i = all.Length - 1; i >= 0; i--)
        {
            if (!Matches(all[i], query))
                continue;
            if (found.Count == query.Limit)
                return new(found, found[^1].Id);
            found.Add(all[i]);
        }

        return new(found, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _onlookers.Began -= Refresh;
        lock (_listening)
        {
            _disposed = true;
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Begins or ends listening, as somebody looks or not; and lets go of what was abandoned.</summary>
    internal void Refresh()
    {
        lock (_listening)
        {
            var wanted = PerSecond > 0 && !_disposed && _onlookers.Any;
            if (wanted && _listener is null)
            {
                _listener = Listener();
                ActivitySource.AddActivityListener(_listener);
            }
            else if (!wanted && _listener is not null)
            {
                _listener.Dispose();
                _listener = null;
                foreach (var (id, _) in _underWay)
                    TryTake(id, out _);
            }
        }

        foreach (var (id, trace) in _underWay)
        {
            if (_time.GetElapsedTime(trace.BegunAt) > Abandoned)
                TryTake(id, out _);
        }
    }

    private ActivityListener Listener() => new()
    {
        ShouldListenTo = source => source.Name == Server || source.Name.StartsWith(Own, StringComparison.Ordinal),
        Sample = Sample,
        ActivityStopped = Stopped,
    };

    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
    {
        var parent = options.Parent;
        if (parent != default && !parent.IsRemote)
            return _underWay.TryGetValue(parent.TraceId, out var whole) && whole.TryBeginPart() ? ActivitySamplingResult.AllData : ActivitySamplingResult.None;
        if (options.Kind is not (ActivityKind.Server or ActivityKind.Consumer))
            return ActivitySamplingResult.None;

        var path = PathOf(options.Tags);
        var shelf = path is not null && RouteModules.IsConsole(path) ? _console : _others;
        if (path == ConsoleStream || !shelf.TryBegin())
            return ActivitySamplingResult.None;

        // Whoever sends the same trace id with several requests has them all in one trace.
        var fresh = new TraceUnderWay(_time.GetTimestamp(), shelf);
        var trace = _underWay.GetOrAdd(options.TraceId, fresh);
        trace.Begin();
        if (trace != fresh)
            shelf.Leave();
        return ActivitySamplingResult.AllData;
    }

    private void Stopped(Activity activity)
    {
        if (!_underWay.TryGetValue(activity.TraceId, out var trace))
            return;
        var isBeginning = activity.ParentSpanId == default || activity.HasRemoteParent;
        if (!trace.End(activity, isBeginning) || !TryTake(activity.TraceId, out trace))
            return;
        var (whole, bytes) = trace.Finish(activity);
        lock (_gate)
            trace.Shelf.Keep(whole with { Id = ++_lastId }, bytes);
    }

    private bool TryTake(ActivityTraceId id, [NotNullWhen(true)] out TraceUnderWay? trace)
    {
        if (!_underWay.TryRemove(id, out trace))
            return false;
        trace.Shelf.Leave();
        return true;
    }

    // The server says of a request what it knows before anything is done for it.
    private static string? PathOf(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        foreach (var (name, value) in tags ?? [])
        {
            if (name == "url.path")
                return value as string;
        }

        return null;
    }

    private static bool Matches(RecentTrace trace, TraceQuery query) =>
        !(trace.Id >= query.Before)
        && !(trace.Duration < query.MinDuration)
        && (query.MinStatus is null || trace.Status >= query.MinStatus)
        && (query.MaxStatus is null || trace.Status <= query.MaxStatus)
        && (query.TraceId is null || trace.TraceId == query.TraceId)
        && (query.Route is null || trace.Route == query.Route)
        && (query.Text is null || Has(trace, query.Text));

    private static bool Has(RecentTrace trace, string text) =>
        trace.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || trace.TraceId.Contains(text, StringComparison.OrdinalIgnoreCase)
        || trace.Spans.Any(s => s.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || s.Tags.Any(t => t.Value.Contains(text, StringComparison.OrdinalIgnoreCase)));
}
