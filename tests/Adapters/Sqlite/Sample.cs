using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Sqlite.Tests;

/// <summary>The accounts that SQLite's own tests keep, and how they are opened.</summary>
internal static class Sample
{
    public static readonly DatabaseSchema Schema = new(
        "sample",
        [new("accounts", "key")],
        [new("sample", 1, "accounts", "create table accounts (key text not null primary key, balance bigint not null check (balance >= 0), note text)")]);

    public static readonly Statement Add = new("insert into accounts (key, balance, note) values ($1, $2, $3)");

    public static readonly Statement TryAdd = new(
        "insert into accounts (key, balance) values ($1, $2) on conflict do nothing returning balance");

    public static readonly Statement Raise = new("update accounts set balance = balance + $2 where key = $1");

    public static readonly Statement Drop = new("delete from accounts where key = $1");

    public static readonly Statement All = new("select key, balance from accounts order by key");

    public static IDatabaseServer Server(string folder, params ReadOnlySpan<(Setting, string)> settings) => new SqliteEngine().Create(
        new DatabaseServerContext(folder, SettingValues.Of(settings), TimeProvider.System, NullLoggerFactory.Instance));

    public static string File(TempFolder folder) => Path.Combine(folder.Path, "database", "sample.db");

    public static Command Adding(string key, long balance = 0, string? note = null) => new(Add, key, key, balance, note);

    public static string Key(long n) => n.ToString("d6", CultureInfo.InvariantCulture);

    public static async Task<Dictionary<string, long>> ReadAllAsync(IDatabase database) =>
        (await database.ReadAsync(new Command(All, Command.AnyKey), r => KeyValuePair.Create(r.GetString(0), r.GetInt64(1))))
        .ToDictionary(StringComparer.Ordinal);

    public static async Task<DatabaseFailure> FailureAsync(Task task) =>
        (await Assert.ThrowsAsync<DatabaseException>(() => task)).Failure;
}
