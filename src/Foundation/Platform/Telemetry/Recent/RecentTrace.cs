namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>A request (or a piece of work) and what was done for it. Immutable.</summary>
/// <param name="Id">Greater than that of every trace that ended before it; the first is 1.</param>
/// <param name="TraceId">32 hexadecimal digits; the same as in logs.</param>
/// <param name="Start">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Name">Method and route, or the name of the work.</param>
/// <param name="Route">The route's template; null where there is none.</param>
/// <param name="Path">The path that was asked for; null for work that is no request.</param>
/// <param name="Status">The answer's status; null for work that is no request.</param>
/// <param name="Failed">Whether it ended with an error: 5xx, or an exception.</param>
/// <param name="Spans">What was done, in the order of beginning; the first is the whole.</param>
/// <param name="SpansLeftOut">How many there were beyond the bound.</param>
public sealed record RecentTrace(
    long Id,
    string TraceId,
    DateTimeOffset Start,
    TimeSpan Duration,
    string Name,
    string? Route,
    string? Path,
    int? Status,
    bool Failed,
    IReadOnlyList<RecentSpan> Spans,
    int SpansLeftOut);

/// <summary>One thing that was done in a trace. Immutable.</summary>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="ParentId">For which span it was done; null where for none of ours.</param>
/// <param name="Source">Who did it: <c>Groundwork.Links</c>.</param>
/// <param name="Name">What.</param>
/// <param name="Offset">From the beginning of the trace to its own.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Failed">Whether it ended with an error.</param>
/// <param name="Tags">Its attributes, as text; never the query of a URL.</param>
/// <param name="Events">What happened meanwhile: from the beginning of the trace, and its name.</param>
public sealed record RecentSpan(
    string SpanId,
    string? ParentId,
    string Source,
    string Name,
    TimeSpan Offset,
    TimeSpan Duration,
    bool Failed,
    IReadOnlyList<KeyValuePair<string, string>> Tags,
    IReadOnlyList<KeyValuePair<TimeSpan, string>> Events);

/// <summary>Which traces are looked for: those for which everything that is set holds.</summary>
public sealed record TraceQuery
{
    /// <summary>How many traces one answer may have.</summary>
    public const int MaxLimit = 500;

    /// <summary>Part of the name, the path, a tag or the trace id, in whatever case.</summary>
    public string? Text { get; init; }

    /// <summary>The route's template, as a whole.</summary>
    public string? Route { get; init; }

    /// <summary>The trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>The least status: 500 finds the server's errors, 400 the callers' too.</summary>
    public int? MinStatus { get; init; }

    /// <summary>The greatest status.</summary>
    public int? MaxStatus { get; init; }

    /// <summary>Those that took at least as long.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>Whether the console's own requests are wanted too.</summary>
    public bool WithConsole { get; init; }

    /// <summary>Only traces with a lesser id: <see cref="RecentPage{T}.Before"/> of the answer before.</summary>
    public long? Before { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;
}
