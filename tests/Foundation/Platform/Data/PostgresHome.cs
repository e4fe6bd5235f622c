using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Postgres;
using Groundwork.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Data;

/// <summary>A database of the tests' PostgreSQL; skips its test where that is not installed.</summary>
public sealed class PostgresHome(PostgresServer postgres) : DatabaseHome
{
    private string? _connection;

    protected override async Task<IDatabaseServer> CreateServerAsync()
    {
        _connection ??= await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        return new PostgresEngine().Create(new DatabaseServerContext(
            "", SettingValues.Of((DatabaseSettings.Connection, _connection)), TimeProvider.System, NullLoggerFactory.Instance));
    }

    // The server goes with all of its databases when the tests end.
    protected override Task RemoveAsync() => Task.CompletedTask;
}
