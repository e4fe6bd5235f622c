using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace Groundwork.Postgres.Tests;

/// <summary>A module that keeps notes: the schema, the statements and the servers of these tests.</summary>
internal static class Notes
{
    public static readonly DatabaseSchema Schema = new(
        "notes",
        [new Table("notes", "key")],
        [new Migration("notes", 1, "notes", "create table notes (id {rowid}, key text not null unique, n bigint not null default 0);")]);

    public static readonly Statement Insert = new("insert into notes (id, key) values ($1, $2)");
    public static readonly Statement InsertReturning = new("insert into notes (id, key) values ($1, $2) returning id, key");
    public static readonly Statement Count = new("select count(*) from notes");
    public static readonly Statement Ids = new("select id from notes order by id");

    // The rows of one transaction carry the same number.
    public static readonly Statement CountOfTransactions = new("select count(distinct xmin::text) from notes");

    public static IDatabaseServer Server(string connection, params (Setting, string)[] settings) => new PostgresEngine().Create(
        new DatabaseServerContext(
            "", SettingValues.Of([(DatabaseSettings.Connection, connection), .. settings]), TimeProvider.System, NullLoggerFactory.Instance));

    public static Command Adding(long id, string? key = null) => new(Insert, key ?? $"k{id}", id, key ?? $"k{id}");

    public static async Task<long> OneAsync(IDatabase database, Statement statement, Freshness freshness = Freshness.Latest) =>
        Assert.Single(await database.ReadAsync(
            new Command(statement, Command.AnyKey), r => r.GetInt64(0), freshness, TestContext.Current.CancellationToken));
}
