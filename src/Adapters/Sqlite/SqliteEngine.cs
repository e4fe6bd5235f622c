using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Groundwork.Sqlite.Benchmarks;

namespace Groundwork.Sqlite;

/// <summary>The embedded engine of the Database port: one SQLite file a module, below the data folder.</summary>
public sealed class SqliteEngine : IDatabaseEngine
{
    /// <inheritdoc/>
    public string Name => "SQLite";

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings => SqliteSettings.All;

    /// <inheritdoc/>
    public IReadOnlyList<Benchmark> Benchmarks => [new InsertBenchmark(), new ReadBenchmark()];

    /// <inheritdoc/>
    public bool Serves(string connection) => connection.Length == 0;

    /// <inheritdoc/>
    public IDatabaseServer Create(DatabaseServerContext context) => new SqliteServer(context);

    /// <inheritdoc/>
    public Task VerifyBackupAsync(string folder, IReadOnlyList<string> files, CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            foreach (var file in files)
                SqliteFileCheck.CheckWhole(Path.Combine(folder, file), cancellationToken);
        },
        cancellationToken);
}
