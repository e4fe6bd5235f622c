using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Testing.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Postgres.Tests;

/// <summary>PostgreSQL keeps the port's contract.</summary>
public sealed class PostgresContractTests(TestServer postgres) : DatabaseContract
{
    protected override Statement ListTables => new(
        "select table_name::text from information_schema.tables where table_schema = $1 and table_name <> 'schema_migrations'");

    protected override Task<string> CreateLocationAsync() => postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);

    protected override IDatabaseServer CreateServer(string location, SettingValues settings) => new PostgresEngine().Create(
        new DatabaseServerContext(
            "",
            new SettingValues([.. settings.All, .. SettingValues.Of((DatabaseSettings.Connection, location)).All]),
            TimeProvider.System,
            NullLoggerFactory.Instance));
}
