using Groundwork.Ports.Database;

namespace Groundwork.Sqlite;

/// <summary>SQLite's words for the tokens of the port.</summary>
internal static class SqliteDialect
{
    public static string Translate(string sql) =>
        SqlTokens.Replace(sql, rowId: "integer primary key", bytes: "blob", skipLocked: "");
}
