using System.Text.RegularExpressions;
using Groundwork.Ports.Database;
using Groundwork.Postgres.Replicas;
using Groundwork.Postgres.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// The databases of all modules on one PostgreSQL, with its replicas.
/// </summary>
/// <remarks>
/// Opening is serialized by <see cref="_opening"/>; nothing else takes it. Thread-safe.
/// </remarks>
internal sealed partial class PostgresServer : IDatabaseServer
{
    private readonly DatabaseServerContext _context;
    private readonly PostgresAddress _address;
    private readonly ILogger _log;
    private readonly Gate _gate;
    private readonly NpgsqlDataSource _admin;
    private readonly ReplicaSet _replicas;
    private readonly DatabaseTelemetry _telemetry;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile Dictionary<string, PostgresDatabase> _databases = new(StringComparer.Ordinal);
    private string? _options;
    private bool _disposed;

    /// <summary>Reads the settings; connects to nothing.</summary>
    public PostgresServer(DatabaseServerContext context)
    {
        _context = context;
        _log = context.Loggers.CreateLogger("Groundwork.Database");
        _address = PostgresAddress.Primary(context.Settings.Get(DatabaseSettings.Connection));
        _gate = new Gate(Connections);
        HaveThreads(Connections);
        _admin = _address.Pool(schema: null, connections: 2);
        _replicas = new ReplicaSet(
            _address,
            [.. context.Settings.Get(PostgresSettings.Replicas).Select(r => new Replica(_address.Replica(r), _log))],
            context.Settings.Get(PostgresSettings.ReplicaMaxLag),
            context.Time);
        _telemetry = new DatabaseTelemetry(() => _databases.Values.Select(d => (d.Name, d.QueueLength)));
    }

    /// <inheritdoc/>
    public string Engine => "PostgreSQL";

    private int Connections => (int)_context.Settings.Get(PostgresSettings.Connections);

    /// <inheritdoc/>
    public async Task<IDatabase> OpenAsync(DatabaseSchema schema, CancellationToken cancellationToken = default)
    {
        if (!SchemaName().IsMatch(schema.Name))
            throw new ArgumentException($"'{schema.Name}' is no schema's name: lower case letters, digits and '_', 63 at most.", nameof(schema));

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_disposed)
                throw Failures.Closed(schema.Name);
            if (_databases.TryGetValue(schema.Name, out var open))
                return open;

            await PrepareAsync(cancellationToken);
            var database = await OpenNewAsync(schema, cancellationToken);
            _databases = new(_databases, StringComparer.Ordinal) { [schema.Name] = database };
            return database;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        for (var mayBeStale = true; ; mayBeStale = false)
        {
            try
            {
                await using var command = _admin.CreateCommand("select 1");
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (mayBeStale && Failures.MayBeStale(e))
            {
                _admin.Clear(); // what is wrong with a connection from before a restart is not wrong with the server
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw Failures.NotDone(e, _address);
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> BackupAsync(string folder, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(_address.BackupAdvice(_databases.Keys));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            await _gate.CloseAsync();
            await Task.WhenAll(_databases.Values.Select(d => d.CloseAsync()));
            await _replicas.DisposeAsync();
            await _admin.DisposeAsync();
            _telemetry.Dispose();
            _gate.Dispose();
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<PostgresDatabase> OpenNewAsync(DatabaseSchema schema, CancellationToken cancellationToken)
    {
        var readers = (int)_context.Settings.Get(PostgresSettings.Lookups);
        var writers = (int)_context.Settings.Get(PostgresSettings.Writers);
        var source = _address.Pool(schema.Name, Connections + readers + writers, _options!);
        try
        {
            await new Migrator(source, schema, _address, _context.Time, _log).RunAsync(cancellationToken);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (e is OperationCanceledException)
                throw;
            throw Failures.NotDone(e, _address);
        }

        var lane = new LaneContext(
            schema.Name,
            _address,
            Math.Max(1, (int)_context.Settings.Get(DatabaseSettings.QueueLength) / writers),
            (int)_context.Settings.Get(DatabaseSettings.BatchSize),
            _context.Time,
            _telemetry,
            _log);
        return new PostgresDatabase(source, readers, writers, lane, _gate, new ReplicaReader(_replicas, schema.Name, Connections));
    }

    /// <summary>
    /// Before the first database: what was acknowledged must last, so a server whose commits do not wait for the disk is told to wait
    /// on our connections; what cannot be changed from here is reported.
    /// </summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_options is not null)
            return;
        try
        {
            await using var command = _admin.CreateCommand(
                "select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var options = "";
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetString(0) == "synchronous_commit")
                    options = "-c synchronous_commit=on";
                else
                    PostgresLog.NotDurable(_log, _address.ToString(), reader.GetString(0));
            }

            await _replicas.StartAsync(cancellationToken);
            _options = options;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Failures.NotDone(e, _address);
        }
    }

    /// <summary>
    /// What has timed out the driver cancels on a thread of the pool, which it blocks until the server answers: where that hangs, for
    /// seconds, and the pool grows by a thread or two a second. So it may have one more for each connection at once; else requests
    /// that need no database would wait for threads too.
    /// </summary>
    private static void HaveThreads(int connections)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + connections), completions);
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
