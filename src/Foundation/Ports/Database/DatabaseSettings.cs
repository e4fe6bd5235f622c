using Groundwork.Ports.Settings;

namespace Groundwork.Ports.Database;

/// <summary>The settings of the port itself, whichever engine serves it.</summary>
public static class DatabaseSettings
{
    /// <summary>Which engine, and where.</summary>
    public static readonly Setting<string> Connection = Setting.Text(
        "Database:Connection", "", "empty, or a PostgreSQL connection string",
        "Where the data is: empty for SQLite files in the data folder, or Host=…;Username=…;Password=…;Database=… for PostgreSQL.",
        secret: true);

    /// <summary>The bound of what waits.</summary>
    public static readonly Setting<long> QueueLength = Setting.Integer(
        "Database:QueueLength", 8192, 64, 1_000_000,
        "How many commands of one module may wait for a batch before further callers wait in front of the queue.");

    /// <summary>The bound of a batch.</summary>
    public static readonly Setting<long> BatchSize = Setting.Integer(
        "Database:BatchSize", 2048, 1, 65_536,
        "How many commands at most share one transaction and one fsync.");
}
