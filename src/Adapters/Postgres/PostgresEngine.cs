using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Groundwork.Postgres.Local;

namespace Groundwork.Postgres;

/// <summary>The Database port on PostgreSQL 12 or newer, by its connection string: one schema a module.</summary>
public sealed class PostgresEngine : IDatabaseEngine
{
    /// <inheritdoc/>
    public string Name => "PostgreSQL";

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings { get; } =
    [
        PostgresSettings.Writers,
        PostgresSettings.Lookups,
        PostgresSettings.Connections,
        PostgresSettings.Replicas,
        PostgresSettings.ReplicaMaxLag,
    ];

    /// <inheritdoc/>
    public IReadOnlyList<Benchmark> Benchmarks { get; } = [new InsertBenchmark(), new ReadBenchmark()];

    /// <inheritdoc/>
    public ILocalDatabaseServers LocalServers { get; } = new LocalPostgresServers();

    /// <inheritdoc/>
    public bool Serves(string connection) => !string.IsNullOrWhiteSpace(connection);

    /// <inheritdoc/>
    /// <exception cref="DatabaseException"><c>Database:Connection</c> or <c>Database:Replicas</c> cannot be read.</exception>
    public IDatabaseServer Create(DatabaseServerContext context) => new PostgresServer(context);
}
