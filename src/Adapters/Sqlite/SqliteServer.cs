using Groundwork.Ports.Database;
using Groundwork.Ports.Files;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Groundwork.Sqlite;

/// <summary>The files of all modules, below <c>database/</c> in the data folder. Safe for concurrent callers.</summary>
internal sealed class SqliteServer(DatabaseServerContext context) : IDatabaseServer
{
    private readonly string _folder = Path.Combine(context.Folder, "database");
    private readonly ILogger _logger = context.Loggers.CreateLogger("Groundwork.Database");
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Dictionary<string, SqliteDatabase> _databases = [];
    private bool _closed;

    /// <inheritdoc/>
    public string Engine => "SQLite";

    /// <inheritdoc/>
    public async Task<IDatabase> OpenAsync(DatabaseSchema schema, CancellationToken cancellationToken = default)
    {
        if (schema.Name.Length == 0 || !schema.Name.All(char.IsAsciiLetterLower))
            throw new ArgumentException($"A schema's name is lower case letters, not '{schema.Name}'.", nameof(schema));

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                throw SqliteErrors.Closed(schema.Name);
            if (!_databases.TryGetValue(schema.Name, out var database))
            {
                database = await Task.Run(() => Open(schema), cancellationToken);
                _databases.Add(schema.Name, database);
            }

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
        try
        {
            if (await FirstAsync(cancellationToken) is { } database)
                await SqliteHealth.CheckAsync(database, cancellationToken);
            else
                await Task.Run(() => SqliteHealth.CheckFolder(_folder), cancellationToken);
            SqliteHealth.CheckRoom(new DriveInfo(_folder).AvailableFreeSpace, _folder);
        }
        catch (OperationCanceledException e)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"SQLite in {_folder} did not answer in time: the disk is slow or stuck.", e);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> BackupAsync(string folder, CancellationToken cancellationToken = default)
    {
        SqliteDatabase[] databases;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            databases = [.. _databases.Values];
        }
        finally
        {
            _opening.Release();
        }

        return await Task.Run(() => SqliteBackup.Copy(databases, folder, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            _closed = true;
            foreach (var database in _databases.Values)
                await database.DisposeAsync();
            _databases.Clear();
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<SqliteDatabase?> FirstAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _databases.Values.FirstOrDefault();
        }
        finally
        {
            _opening.Release();
        }
    }

    private SqliteDatabase Open(DatabaseSchema schema)
    {
        var file = Path.Combine(_folder, schema.Name + ".db");
        try
        {
            DurableFiles.CreateFolder(_folder);
            return SqliteDatabase.Open(file, schema, context, _logger);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"{file} could not be opened: {e.Message} Check the folder's permissions and the disk.", e);
        }
    }
}
