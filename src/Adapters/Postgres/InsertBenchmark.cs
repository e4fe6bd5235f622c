using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Groundwork.Postgres.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// How much batching gains: the same inserts, by the same callers, through the lanes and one by one over a pool.
/// </summary>
internal sealed class InsertBenchmark : Benchmark
{
    private const int Callers = 1024;
    private const int PooledConnections = 32;
    private const int RowBytes = 200;
    private const string Insert = "insert into benchmark.entries (id, code, payload) values ($1, $2, $3)";

    private static readonly string Payload = new('x', RowBytes);

    private static readonly DatabaseSchema Schema = new(
        "benchmark",
        [new Table("entries", "code")],
        [new Migration("benchmark", 1, "entries", "create table entries (id {rowid}, code text not null unique, payload text not null);")]);

    /// <inheritdoc/>
    public override string Name => "database.postgres.inserts";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{Callers} callers insert rows of {RowBytes} bytes with a unique key into a PostgreSQL on this machine, each waiting for its commit (fsync on).");

    /// <inheritdoc/>
    public override string Unit => "inserts";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        const string Ours = "Groundwork";
        var rival = string.Create(CultureInfo.InvariantCulture, $"one insert a call, {PooledConnections} connections");
        if (LocalPostgres.Missing is { } missing)
            return [Contender.Absent(Ours, missing), Contender.Absent(rival, missing)];

        var local = await LocalPostgres.StartAsync(Path.Combine(context.Folder, "postgres"), cancellationToken);
        try
        {
            return await PrepareAsync(local, context, Ours, rival, cancellationToken);
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    private static async Task<IReadOnlyList<Contender>> PrepareAsync(
        LocalPostgres local, IBenchmarkContext context, string ours, string rival, CancellationToken cancellationToken)
    {
        var server = new PostgresEngine().Create(new DatabaseServerContext(
            context.Folder,
            SettingValues.Of((DatabaseSettings.Connection, local.ConnectionTo("postgres"))),
            TimeProvider.System,
            NullLoggerFactory.Instance));
        var database = await server.OpenAsync(Schema, cancellationToken);
        var pool = NpgsqlDataSource.Create(string.Create(
            CultureInfo.InvariantCulture,
            $"{local.ConnectionTo("postgres")};Maximum Pool Size={PooledConnections};Max Auto Prepare=8;Auto Prepare Min Usages=2"));

        var work = new Inserts(context.Smoke ? Callers : 50 * Callers);
        var statement = new Statement(Insert);
        return
        [
            new Contender(
                ours,
                token => work.RunAsync((id, code) => database.WriteAsync(new Command(statement, code, id, code, Payload), token)),
                async () =>
                {
                    await server.DisposeAsync();
                    await pool.DisposeAsync();
                    await local.DisposeAsync();
                },
                local.ProcessId),
            new Contender(
                rival,
                token => work.RunAsync((id, code) => InsertAsync(pool, id, code, token)),
                ServerProcess: local.ProcessId),
        ];
    }

    private static async Task InsertAsync(NpgsqlDataSource pool, long id, string code, CancellationToken cancellationToken)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = code });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Payload });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rounds' rows: each id is used once over all rounds and contenders.</summary>
    private sealed class Inserts(int rows)
    {
        private long _nextId;

        public async Task<long> RunAsync(Func<long, string, Task> insert)
        {
            var first = Interlocked.Add(ref _nextId, rows) - rows;
            var taken = 0;
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                for (var row = Interlocked.Increment(ref taken) - 1; row < rows; row = Interlocked.Increment(ref taken) - 1)
                    await insert(first + row, string.Create(CultureInfo.InvariantCulture, $"code-{first + row}"));
            })));
            return rows;
        }
    }
}
