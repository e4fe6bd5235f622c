using System.Data.Common;
using Groundwork.Ports.Database;
using Groundwork.Ports.Files;
using Microsoft.Extensions.Logging;

namespace Groundwork.Sqlite;

/// <summary>One module's file: its writer, its readers and its checkpointer, put together and taken apart in order.</summary>
internal sealed class SqliteDatabase : IDatabase, IAsyncDisposable
{
    private readonly SqliteReaders _readers;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly SqliteWriter _writer;

    private SqliteDatabase(string name, string file, SqliteSession session, DatabaseServerContext context, ILogger logger)
    {
        var logLimit = context.Settings.Get(SqliteSettings.LogLimit);
        (Name, File) = (name, file);
        _readers = new SqliteReaders(name, file, (int)context.Settings.Get(SqliteSettings.Readers));
        _checkpointer = new SqliteCheckpointer(file, logLimit, logger);
        _writer = new SqliteWriter(
            name, file, session, () => new SqliteSession(SqlitePragmas.OpenWriter(file, logLimit), file), _checkpointer,
            (int)context.Settings.Get(DatabaseSettings.QueueLength), (int)context.Settings.Get(DatabaseSettings.BatchSize),
            context.Time, logger);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>Checks, opens and migrates a file, creating it when it is not there.</summary>
    public static SqliteDatabase Open(string file, DatabaseSchema schema, DatabaseServerContext context, ILogger logger)
    {
        SqliteFileCheck.Check(file);
        var session = new SqliteSession(SqlitePragmas.OpenWriter(file, context.Settings.Get(SqliteSettings.LogLimit)), file);
        try
        {
            new SqliteMigrator(session, file, context.Time, logger).Migrate(schema);
            DurableFiles.SyncFolder(Path.GetDirectoryName(file)!);
            return new SqliteDatabase(schema.Name, file, session, context, logger);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        _writer.EnqueueAsync(new ReturningWrite<T>(command, map), cancellationToken);

    /// <inheritdoc/>
    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
        _writer.EnqueueAsync(new CountingWrite(command), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken = default) =>
        _writer.EnqueueAllAsync(commands, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
        _readers.ReadAsync(command, map, cancellationToken);

    /// <inheritdoc/>
    public Task<T> TransactAsync<T>(
        string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        _writer.EnqueueAsync(new TransactionalWork<T>(work), cancellationToken);

    /// <summary>Drains the writer, ends the readers, and closes the writer's connection last: the file's last one, so that
    /// SQLite moves what is left of the log into the main file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
        await _checkpointer.DisposeAsync();
        await Task.Run(_writer.CloseSession);
    }
}
