using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Sqlite.Benchmarks;

/// <summary>The table that the benchmarks fill: rows of about 200 bytes with a number and a unique text.</summary>
internal static class BenchmarkTable
{
    public const string CreateSql = "create table items (id {rowid}, key text not null unique, body text not null)";

    public static readonly DatabaseSchema Schema = new("bench", [new("items", "key")], [new("bench", 1, "items", CreateSql)]);

    public static readonly Statement Insert = new("insert into items (id, key, body) values ($1, $2, $3)");

    public static readonly Statement Find = new("select body from items where id = $1");

    private static readonly string Body = new('x', 170);

    /// <summary>The n-th row; the keys are in no order, as people's keys are.</summary>
    public static Command InsertOf(long n)
    {
        var key = ((ulong)n * 0x9E3779B97F4A7C15UL).ToString("x16", CultureInfo.InvariantCulture);
        return new Command(Insert, key, n, key, Body);
    }

    public static IDatabaseServer Server(string folder) =>
        new SqliteServer(new DatabaseServerContext(folder, SettingValues.Of(), TimeProvider.System, NullLoggerFactory.Instance));

    /// <summary>Runs <paramref name="count"/> operations, shared out among callers that each wait for their last one.</summary>
    public static async Task<long> ShareOutAsync(int callers, long count, Func<long, Task> operation)
    {
        var next = -1L;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (long n; (n = Interlocked.Increment(ref next)) < count;)
                await operation(n);
        })));
        return count;
    }
}
