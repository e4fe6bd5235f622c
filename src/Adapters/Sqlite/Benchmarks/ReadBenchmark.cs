using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;

namespace Groundwork.Sqlite.Benchmarks;

/// <summary>What the pool of readers brings, beside one connection behind a lock.</summary>
internal sealed class ReadBenchmark : Benchmark
{
    private const int Callers = 64;

    public override string Name => "database.sqlite.reads";

    public override string Work => $"Rows of 200 bytes read by their number, in random order, by {Callers} callers.";

    public override string Unit => "reads";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var rows = context.Smoke ? 1_000 : 100_000;
        var perRound = context.Smoke ? 1_000 : 200_000;
        var server = BenchmarkTable.Server(context.Folder);
        var database = await server.OpenAsync(BenchmarkTable.Schema, cancellationToken);
        await BenchmarkTable.ShareOutAsync(1024, rows, n => database.WriteAsync(BenchmarkTable.InsertOf(n), cancellationToken));

        var file = Path.Combine(context.Folder, "database", "bench.db");
        var session = new SqliteSession(SqlitePragmas.OpenReader(file), file);
        var turn = new Lock();
        return
        [
            new Contender(
                "Groundwork, a pool of readers",
                token => BenchmarkTable.ShareOutAsync(Callers, perRound, n =>
                    database.ReadAsync(FindOf(n, rows), r => r.GetString(0), Freshness.Latest, token)),
                server.DisposeAsync),
            new Contender(
                "naively: one connection behind a lock",
                _ => BenchmarkTable.ShareOutAsync(Callers, perRound, n =>
                {
                    var find = FindOf(n, rows);
                    lock (turn)
                        session.Query(find.Statement, r => r.GetString(0), find.Arguments);
                    return Task.CompletedTask;
                }),
                () =>
                {
                    session.Dispose();
                    return ValueTask.CompletedTask;
                }),
        ];
    }

    private static Command FindOf(long n, long rows) =>
        new(BenchmarkTable.Find, Command.AnyKey, (long)((ulong)n * 0x9E3779B97F4A7C15UL % (ulong)rows));
}
