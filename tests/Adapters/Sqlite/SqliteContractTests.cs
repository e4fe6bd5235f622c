using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Groundwork.Testing.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Sqlite.Tests;

/// <summary>SQLite keeps the port's contract.</summary>
public sealed class SqliteContractTests : DatabaseContract
{
    private readonly List<TempFolder> _folders = [];

    protected override Statement ListTables => new(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite~_%' escape '~' and name <> 'schema_migrations' and $1 <> ''");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    protected override Task<string> CreateLocationAsync()
    {
        _folders.Add(new TempFolder());
        return Task.FromResult(_folders[^1].Path);
    }

    protected override IDatabaseServer CreateServer(string location, SettingValues settings) =>
        new SqliteEngine().Create(new DatabaseServerContext(location, settings, TimeProvider.System, NullLoggerFactory.Instance));
}
