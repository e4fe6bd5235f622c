using System.Collections.Concurrent;
using System.Diagnostics;

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
/// <see cref="MaxBytes"/> and <see cref="MaxAge"/>, the oldest go first. Safe for concurrent use.</para>
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

    // What began and was not seen to end makes room after this.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ActivityTraceId, TraceUnderWay> _underWay = new();
    private readonly Queue<(RecentTrace Trace, int Bytes)> _ring = new();
    private readonly Lock _gate = new();
    private readonly Lock _listening = new();
    private readonly Onlookers _onlookers;
    private readonly TimeProvider _time;
    private ActivityListener? _listener;
    private long _bytes;
    private long _lastId;
    private long _second;
    private int _begunThisSecond;
    private bool _disposed;

    internal RecentTraces(int perSecond, Onlookers onlookers, TimeProvider time)
    {
        (PerSecond, _onlookers, _time) = (perSecond, onlookers, time);
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
        (RecentTrace Trace, int Bytes)[] all;
        lock (_gate)
        {
            ForgetOld();
            all = [.. _ring];
        }

        var found = new List<RecentTrace>();
        for (var i = all.Length - 1; i >= 0; i--)
        {
            if (!Matches(all[i].Trace, query))
                continue;
            if (found.Count == query.Limit)
                return new(found, found[^1].Id);
            found.Add(all[i].Trace);
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
                _underWay.Clear();
            }
        }

        foreach (var (id, trace) in _underWay)
        {
            if (_time.GetElapsedTime(trace.BegunAt) > Abandoned)
                _underWay.TryRemove(id, out _);
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
            return _underWay.ContainsKey(parent.TraceId) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None;
        if (options.Kind is not (ActivityKind.Server or ActivityKind.Consumer) || !MayBegin())
            return ActivitySamplingResult.None;

        // Whoever sends the same trace id with several requests has them all in one trace.
        _underWay.GetOrAdd(options.TraceId, static (_, time) => new TraceUnderWay(time.GetTimestamp()), _time).Begin();
        return ActivitySamplingResult.AllData;
    }

    private bool MayBegin()
    {
        var second = _time.GetTimestamp() / _time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, second) != second)
            Volatile.Write(ref _begunThisSecond, 0);
        return Volatile.Read(ref _begunThisSecond) < PerSecond
            && _underWay.Count < MaxUnderWay
            && Interlocked.Increment(ref _begunThisSecond) <= PerSecond;
    }

    private void Stopped(Activity activity)
    {
        if (!_underWay.TryGetValue(activity.TraceId, out var trace))
            return;
        var isBeginning = activity.Parent is null;
        if (!trace.End(activity, isBeginning) || !_underWay.TryRemove(activity.TraceId, out _))
            return;
        var (whole, bytes) = trace.Finish(activity);
        lock (_gate)
        {
            _ring.Enqueue((whole with { Id = ++_lastId }, bytes));
            _bytes += bytes;
            while (_bytes > MaxBytes)
                Forget();
            ForgetOld();
        }
    }

    private void ForgetOld()
    {
        var oldest = _time.GetUtcNow() - MaxAge;
        while (_ring.TryPeek(out var first) && first.Trace.Start < oldest)
            Forget();
    }

    private void Forget() => _bytes -= _ring.Dequeue().Bytes;

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
