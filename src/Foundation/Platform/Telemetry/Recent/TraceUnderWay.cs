using System.Diagnostics;
using System.Globalization;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>A trace whose spans are collected as they end. Safe for concurrent use.</summary>
internal sealed class TraceUnderWay(long begunAt, TraceShelf shelf)
{
    private const int MaxTags = 32;
    private const int MaxEvents = 16;
    private const int MaxText = 512;
    private const int SpanOverhead = 300;
    private const int TextOverhead = 60;

    // A query may hold what nobody should read.
    private static readonly string[] Hidden = ["url.query", "url.full", "http.target", "http.url"];

    private readonly Lock _gate = new();
    private readonly List<(DateTime Start, RecentSpan Span)> _spans = [];
    private int _open;
    private int _begun;
    private int _leftOut;

    /// <summary>When it was first seen, by the clock's own count.</summary>
    public long BegunAt => begunAt;

    /// <summary>Where it is kept once it has ended.</summary>
    public TraceShelf Shelf => shelf;

    /// <summary>A beginning is awaited.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <summary>Whether a part is still to be recorded; one that is not counts as left out.</summary>
    public bool TryBeginPart()
    {
        if (Volatile.Read(ref _begun) < RecentTraces.MaxSpans && Interlocked.Increment(ref _begun) <= RecentTraces.MaxSpans)
            return true;
        Interlocked.Increment(ref _leftOut);
        return false;
    }

    /// <summary>Takes a span that has ended.</summary>
    /// <returns>Whether nothing more is awaited.</returns>
    public bool End(Activity activity, bool isBeginning)
    {
        var span = Describe(activity);
        lock (_gate)
        {
            // The whole is always taken, whatever was done for it.
            if (_spans.Count < RecentTraces.MaxSpans || isBeginning)
                _spans.Add((activity.StartTimeUtc, span));
            else
                Interlocked.Increment(ref _leftOut);
        }

        return isBeginning && Interlocked.Decrement(ref _open) <= 0;
    }

    /// <summary>The trace, without its number; and how much memory it takes, about.</summary>
    /// <param name="root">Its beginning.</param>
    public (RecentTrace Trace, int Bytes) Finish(Activity root)
    {
        lock (_gate)
        {
            var rootId = root.SpanId.ToHexString();
            var start = _spans.Min(s => s.Start);
            RecentSpan[] spans =
            [
                .. _spans.OrderBy(s => s.Start).ThenBy(s => s.Span.SpanId == rootId ? 0 : 1).Select(s => s.Span with
                {
                    Offset = s.Start - start,
                    Events = [.. s.Span.Events.Select(e => new KeyValuePair<TimeSpan, string>(e.Key + (s.Start - start), e.Value))],
                }),
            ];
            var whole = spans.First(s => s.SpanId == rootId);
            var (route, path) = (Tag(whole, "http.route"), Tag(whole, "url.path"));
            int? status = int.TryParse(Tag(whole, "http.response.status_code"), CultureInfo.InvariantCulture, out var code) ? code : null;
            var method = Tag(whole, "http.request.method");

            // The server calls every request the same.
            var name = method is null ? root.DisplayName : $"{method} {route ?? path}";
            spans[Array.IndexOf(spans, whole)] = whole with { Name = name };
            return (new RecentTrace(
                0,
                root.TraceId.ToHexString(),
                new DateTimeOffset(start, TimeSpan.Zero),
                root.StartTimeUtc + root.Duration - start,
                name,
                route,
                path,
                status,
                whole.Failed || status >= 500,
                spans,
                _leftOut), spans.Sum(Size));
        }
    }

    private static RecentSpan Describe(Activity activity)
    {
        var tags = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in activity.EnumerateTagObjects())
        {
            if (tags.Count < MaxTags && value is not null && !Hidden.Contains(name))
                tags.Add(new(name, Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")));
        }

        var events = new List<KeyValuePair<TimeSpan, string>>();
        foreach (ref readonly var happened in activity.EnumerateEvents())
        {
            if (events.Count < MaxEvents)
                events.Add(new(happened.Timestamp.UtcDateTime - activity.StartTimeUtc, Cut(happened.Name)));
        }

        var parent = activity.ParentSpanId == default || activity.HasRemoteParent ? null : activity.ParentSpanId.ToHexString();
        return new(
            activity.SpanId.ToHexString(), parent, activity.Source.Name, Cut(activity.DisplayName), default, activity.Duration,
            activity.Status == ActivityStatusCode.Error, tags, events);
    }

    private static string? Tag(RecentSpan span, string name)
    {
        foreach (var (tag, value) in span.Tags)
        {
            if (tag == name)
                return value;
        }

        return null;
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..(MaxText - 1)] + "…";

    private static int Size(RecentSpan span) =>
        SpanOverhead + span.Tags.Sum(t => TextOverhead + (2 * t.Value.Length)) + span.Events.Sum(e => TextOverhead + (2 * e.Value.Length));
}
