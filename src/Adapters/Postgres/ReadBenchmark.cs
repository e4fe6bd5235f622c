using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Groundwork.Postgres.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// How much sharing round trips gains: the same look-ups, by the same callers, through the lanes, one by one through the port, one by one
/// over the driver's pool, and through the driver's multiplexing.
/// </summary>
internal sealed class ReadBenchmark : Benchmark
{
    private const int Callers = 64;
    private const int PooledConnections = 32;
    private const int Rows = 100_000;
    private const string Select = "select payload from benchmark.entries where id = $1";

    private static readonly DatabaseSchema Schema = new(
        "benchmark",
        [new Table("entries", "id")],
        [new Migration("benchmark", 1, "entries", "create table entries (id {rowid}, payload text not null);")]);

    private static readonly Statement Fill = new(
        "insert into entries (id, payload) select n, repeat('x', 200) from generate_series(0, $1 - 1) as numbers (n)");

    /// <inheritdoc/>
    public override string Name => "database.postgres.reads";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{Callers} callers look up rows by their keys, at random among {Rows}, in a PostgreSQL on this machine.");

    /// <inheritdoc/>
    public override string Unit => "reads";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (LocalPostgres.Missing is { } missing)
            return [Contender.Absent("Groundwork", missing)];

        var local = await LocalPostgres.StartAsync(Path.Combine(context.Folder, "postgres"), cancellationToken);
        try
        {
            return await PrepareAsync(local, context, cancellationToken);
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    private static async Task<IReadOnlyList<Contender>> PrepareAsync(
        LocalPostgres local, IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var server = new PostgresEngine().Create(new DatabaseServerContext(
            context.Folder,
            SettingValues.Of((DatabaseSettings.Connection, local.ConnectionTo("postgres"))),
            TimeProvider.System,
            NullLoggerFactory.Instance));
        var database = await server.OpenAsync(Schema, cancellationToken);
        await database.WriteAsync(new Command(Fill, Command.AnyKey, Rows), cancellationToken);
        var pool = Pool("");
        var multiplexing = Pool(";Multiplexing=true");

        var reads = context.Smoke ? 1024 : 200_000;
        var together = new Statement(Select) { FindsOne = true };
        var alone = new Statement(Select);
        return
        [
            new Contender(
                "Groundwork",
                token => RunAsync(reads, id => ReadAsync(together, id, token)),
                async () =>
                {
                    await server.DisposeAsync();
                    await pool.DisposeAsync();
                    await multiplexing.DisposeAsync();
                    await local.DisposeAsync();
                },
                local.ProcessId),
            new Contender("Groundwork, each read alone", token => RunAsync(reads, id => ReadAsync(alone, id, token)), ServerProcess: local.ProcessId),
            new Contender(
                string.Create(CultureInfo.InvariantCulture, $"Npgsql, {PooledConnections} connections"),
                token => RunAsync(reads, id => AskAsync(pool, id, token)),
                ServerProcess: local.ProcessId),
            new Contender("Npgsql, multiplexing", token => RunAsync(reads, id => AskAsync(multiplexing, id, token)), ServerProcess: local.ProcessId),
        ];

        async Task ReadAsync(Statement statement, long id, CancellationToken token) => await database.ReadAsync(
            new Command(statement, Command.AnyKey, id), row => row.GetString(0), Freshness.Latest, token);

        NpgsqlDataSource Pool(string more) => NpgsqlDataSource.Create(string.Create(
            CultureInfo.InvariantCulture,
            $"{local.ConnectionTo("postgres")};Maximum Pool Size={PooledConnections};Max Auto Prepare=8;Auto Prepare Min Usages=2{more}"));
    }

    private static async Task AskAsync(NpgsqlDataSource source, long id, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            reader.GetString(0);
    }

    private static async Task<long> RunAsync(int reads, Func<long, Task> read)
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < reads / Callers; i++)
                await read(random.NextInt64(Rows));
        })));
        return reads / Callers * Callers;
    }
}
