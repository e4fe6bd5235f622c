using System.Collections.Concurrent;
using System.Diagnostics;
using Groundwork.Platform.Telemetry.Recent;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>
/// The program's loggers. Each makes its entry on the thread that logs, and leaves it to the queue to write
/// and to <see cref="RecentLogs"/> to remember: whoever logs never waits. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The framework's console logger was not taken: it reports what it dropped as a line that is not JSON, counts it nowhere,
/// and writes to the process's console only.
/// </remarks>
internal sealed class LogProvider(LogQueue queue, RecentLogs recent, TimeProvider time) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Logger(name, queue, recent, time));

    // The queue is its own service, and outlives the loggers.
    public void Dispose() => _loggers.Clear();

    private sealed class Logger(string category, LogQueue queue, RecentLogs recent, TimeProvider time) : ILogger
    {
        // Scopes are not kept: an entry says what it is about in its own values.
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var entry = new LogEntry(
                time.GetUtcNow(),
                logLevel,
                category,
                formatter(state, exception),
                state as IReadOnlyList<KeyValuePair<string, object?>> ?? [],
                Activity.Current?.TraceId.ToHexString(),
                exception);
            queue.Add(entry);
            recent.Add(entry);
        }
    }
}
