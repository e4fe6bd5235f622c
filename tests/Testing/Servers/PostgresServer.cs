using Groundwork.Postgres.Local;
using Npgsql;

namespace Groundwork.Testing.Servers;

/// <summary>
/// One PostgreSQL for all tests of an assembly, from the installed programs; each test has a database of its own in it.
/// Use it as an assembly fixture.
/// </summary>
/// <remarks>
/// Where the programs are missing, a test that asks for a database is skipped with the reason; on CI (<c>CI=true</c>) it fails.
/// Thread-safe once initialized.
/// </remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private LocalPostgres? _local;
    private int _databases;

    /// <summary>Skips the running test, or fails it on CI, where PostgreSQL is not installed.</summary>
    public static void Require()
    {
        if (LocalPostgres.Missing is not { } missing)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        Assert.Skip(missing);
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (LocalPostgres.Missing is not null)
            return;
        _local = await LocalPostgres.StartAsync(_folder.Path, TestContext.Current.CancellationToken);

        // Nobody cuts its power: tests of what survives that have one of their own.
        await ExecuteAsync(_local.ConnectionTo("postgres"), "alter system set fsync = off", TestContext.Current.CancellationToken);
        await ExecuteAsync(_local.ConnectionTo("postgres"), "select pg_reload_conf()", TestContext.Current.CancellationToken);
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        Require();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(_local!.ConnectionTo("postgres"), $"create database {name}", cancellationToken);
        return _local.ConnectionTo(name);
    }

    /// <summary>Runs statements on a database, past the port.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create($"{connectionString};Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
        _folder.Dispose();
    }
}
