using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>One thing that was logged.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How serious.</param>
/// <param name="Category">Who says it.</param>
/// <param name="Message">What, as a sentence.</param>
/// <param name="Values">The sentence's named values.</param>
/// <param name="TraceId">The trace in which it happened; null where nothing is traced.</param>
/// <param name="Exception">What was thrown, if anything was.</param>
internal readonly record struct LogEntry(
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Values,
    string? TraceId,
    Exception? Exception);
