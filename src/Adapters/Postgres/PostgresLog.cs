using Microsoft.Extensions.Logging;

namespace Groundwork.Postgres;

/// <summary>What the adapter reports. No message holds a connection string.</summary>
internal static partial class PostgresLog
{
    [LoggerMessage(1, LogLevel.Error, "Writes to '{Schema}' fail until PostgreSQL answers again: {Reason}")]
    public static partial void WriterLost(ILogger log, string schema, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The replica {Address} is passed over: {Reason}")]
    public static partial void ReplicaPassedOver(ILogger log, string address, string reason);

    [LoggerMessage(3, LogLevel.Information, "The replica {Address} serves reads.")]
    public static partial void ReplicaServes(ILogger log, string address);

    [LoggerMessage(4, LogLevel.Information, "Migrated '{Schema}': {Component} {Number} {Name}")]
    public static partial void Migrated(ILogger log, string schema, string component, int number, string name);

    [LoggerMessage(5, LogLevel.Warning, "PostgreSQL at {Address} runs with {Parameter} off: writes that it acknowledged can be lost with the power.")]
    public static partial void NotDurable(ILogger log, string address, string parameter);
}
