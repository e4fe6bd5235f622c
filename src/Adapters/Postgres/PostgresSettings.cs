using Groundwork.Ports.Settings;

namespace Groundwork.Postgres;

/// <summary>What an operator sets of this adapter, beside the settings of the port itself.</summary>
internal static class PostgresSettings
{
    /// <summary>How many batches of one module may be under way at once.</summary>
    public static readonly Setting<long> Writers = Setting.Integer(
        "Database:Writers", 2, 1, 16,
        "How many connections of each module write batches to PostgreSQL; the commands of one key all go through the same one.");

    /// <summary>How many groups of reads of one module may be under way at once.</summary>
    public static readonly Setting<long> Lookups = Setting.Integer(
        "Database:Lookups", 2, 1, 16,
        "How many connections of each module look up single rows in PostgreSQL, those that wait at the same time in one round trip.");

    /// <summary>The bound of what reads and transacts.</summary>
    public static readonly Setting<long> Connections = Setting.Integer(
        "Database:Connections", 32, 1, 1024,
        "How many transactions, and reads of more than single rows, of all modules together are under way at once on PostgreSQL; more wait. "
        + "Its max_connections must leave room for these, and for Database:Writers and Database:Lookups of each module.");

    /// <summary>Where reads may go that need not be the latest.</summary>
    public static readonly Setting<IReadOnlyList<string>> Replicas = Setting.List(
        "Database:Replicas", "", "empty, or host:port or connection strings, with commas between them",
        "Streaming replicas of PostgreSQL, for reads that may be seconds old; host:port takes everything else from Database:Connection.",
        secret: true);

    /// <summary>From where on a replica is too old.</summary>
    public static readonly Setting<TimeSpan> ReplicaMaxLag = Setting.Duration(
        "Database:ReplicaMaxLag", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromHours(1),
        "A replica that is further behind than this is passed over until it has caught up; looked at every second.");
}
