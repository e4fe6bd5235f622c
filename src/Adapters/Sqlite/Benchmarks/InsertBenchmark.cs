using Groundwork.Ports.Experiments;

namespace Groundwork.Sqlite.Benchmarks;

/// <summary>What group commit brings, beside a lock around each insert, and beside what the disk can do at all.</summary>
internal sealed class InsertBenchmark : Benchmark
{
    private const int Callers = 1024;

    public override string Name => "database.sqlite.inserts";

    public override string Work =>
        $"Rows of 200 bytes with a unique key in random order, by {Callers} callers, each acknowledged after its fsync.";

    public override string Unit => "inserts";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken) =>
    [
        await OursAsync(context, cancellationToken),
        Naively(context),
        Limit(context),
    ];

    private static async Task<Contender> OursAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var server = BenchmarkTable.Server(context.Folder);
        var database = await server.OpenAsync(BenchmarkTable.Schema, cancellationToken);
        var perRound = context.Smoke ? 2_000 : 50_000;
        var done = 0L;
        return new Contender(
            "Groundwork, one writer that commits in groups",
            async token =>
            {
                var first = done;
                done += perRound;
                return await BenchmarkTable.ShareOutAsync(Callers, perRound, n => database.WriteAsync(BenchmarkTable.InsertOf(first + n), token));
            },
            server.DisposeAsync);
    }

    // The same file, the same durability, the same checkpoints as SQLite does them by itself.
    private static Contender Naively(IBenchmarkContext context)
    {
        var file = Path.Combine(context.Folder, "naively.db");
        var session = new SqliteSession(SqlitePragmas.OpenWriter(file, SqliteSettings.LogLimit.Default), file);
        session.Run("pragma wal_autocheckpoint = 1000");
        session.Run(SqliteDialect.Translate(BenchmarkTable.CreateSql));
        var turn = new SemaphoreSlim(1, 1);
        var perRound = context.Smoke ? 50 : 3_000;
        var done = 0L;
        return new Contender(
            "naively: a lock around each insert, a transaction each",
            async token =>
            {
                var first = done;
                done += perRound;
                return await BenchmarkTable.ShareOutAsync(Callers, perRound, async n =>
                {
                    var insert = BenchmarkTable.InsertOf(first + n);
                    await turn.WaitAsync(token);
                    try
                    {
                        session.Execute(insert.Statement, insert.Arguments);
                    }
                    finally
                    {
                        turn.Release();
                    }
                });
            },
            () =>
            {
                session.Dispose();
                turn.Dispose();
                return ValueTask.CompletedTask;
            });
    }

    private static Contender Limit(IBenchmarkContext context)
    {
        var file = new FileStream(Path.Combine(context.Folder, "limit"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        var perRound = context.Smoke ? 20 : 3_000;
        return new Contender(
            "the disk: append 4 KiB and fsync, one after the other",
            token =>
            {
                for (var i = 0; i < perRound; i++)
                {
                    token.ThrowIfCancellationRequested();
                    file.Write(page);
                    file.Flush(flushToDisk: true);
                }

                return Task.FromResult((long)perRound);
            },
            file.DisposeAsync);
    }
}
