using Microsoft.Extensions.Logging;

namespace Groundwork.Sqlite;

/// <summary>What the engine says in the log.</summary>
internal static partial class SqliteLog
{
    [LoggerMessage(1, LogLevel.Information, "Applied migration {Component} {Number} ({Name}) to {File}")]
    public static partial void Migrated(ILogger logger, string component, int number, string name, string file);

    [LoggerMessage(2, LogLevel.Error, "A batch of {Count} commands on {File} failed; none of them was acknowledged")]
    public static partial void BatchFailed(ILogger logger, int count, string file, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "Reopened {File} after a disk error; its log was moved into the main file")]
    public static partial void Reopened(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Warning, "The write-ahead log of {File} could not be moved into the main file; it is tried again")]
    public static partial void CheckpointFailed(ILogger logger, string file, Exception error);
}
