using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>A log entry as it is remembered: everything as text, long texts cut. Immutable.</summary>
/// <param name="Id">Greater than that of every entry before it; the first is 1.</param>
/// <param name="Time">When.</param>
/// <param name="Level">How serious.</param>
/// <param name="Category">Who says it: a type's full name, mostly.</param>
/// <param name="Message">What, as a sentence.</param>
/// <param name="Values">The sentence's named values.</param>
/// <param name="TraceId">The trace in which it happened, 32 hexadecimal digits; null where nothing was traced.</param>
/// <param name="Exception">What was thrown, with its stack; null where nothing was.</param>
public sealed record RecentLog(
    long Id,
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string Message,
    IReadOnlyList<KeyValuePair<string, string>> Values,
    string? TraceId,
    string? Exception);

/// <summary>Which entries are looked for: those for which everything that is set holds.</summary>
public sealed record LogQuery
{
    /// <summary>How many entries one answer may have.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Part of the message, a value, the category or the exception, in whatever case.</summary>
    public string? Text { get; init; }

    /// <summary>The least level.</summary>
    public LogLevel MinLevel { get; init; } = LogLevel.Trace;

    /// <summary>The category, or its beginning up to a dot: <c>Groundwork.Links</c> finds <c>Groundwork.Links.LinkSweep</c>.</summary>
    public string? Category { get; init; }

    /// <summary>The trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>Not before this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only entries with a lesser id: <see cref="RecentPage{T}.Before"/> of the answer before.</summary>
    public long? Before { get; init; }

    /// <summary>Only entries with a greater id: what came since.</summary>
    public long? After { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}
