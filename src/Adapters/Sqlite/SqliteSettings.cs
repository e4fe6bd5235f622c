using Groundwork.Ports.Settings;

namespace Groundwork.Sqlite;

/// <summary>What an operator can set of SQLite alone; the port's own settings are in <c>DatabaseSettings</c>.</summary>
internal static class SqliteSettings
{
    /// <summary>The bound of concurrent reads of one database.</summary>
    public static readonly Setting<long> Readers = Setting.Integer(
        "Database:Readers", Math.Min(Environment.ProcessorCount + 2, 256), 1, 256,
        "SQLite: how many reads of one module run at once, each on a connection of its own; further ones wait.",
        defaultInWords: "processors + 2");

    /// <summary>The bound of the write-ahead log.</summary>
    public static readonly Setting<long> LogLimit = Setting.Size(
        "Database:LogLimit", 64L << 20, 1L << 20, 16L << 30,
        "SQLite: how large a module's write-ahead log may grow before its writer pauses to move it into the main file; "
        + "a quarter of it starts the same in the background.");

    public static IReadOnlyList<Setting> All { get; } = [Readers, LogLimit];
}
