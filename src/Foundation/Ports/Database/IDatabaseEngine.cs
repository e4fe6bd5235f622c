using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Ports.Database;

/// <summary>Something that can serve the Database port: SQLite, embedded; or PostgreSQL, by its address.</summary>
public interface IDatabaseEngine
{
    /// <summary>As people call it: <c>SQLite</c>, <c>PostgreSQL</c>.</summary>
    string Name { get; }

    /// <summary>Its own settings, all in the section <c>Database</c>.</summary>
    IReadOnlyList<Setting> Settings { get; }

    /// <summary>What <c>groundwork bench database</c> measures of it.</summary>
    IReadOnlyList<Benchmark> Benchmarks { get; }

    /// <summary>Servers for experiments to break; null where the engine has none, being embedded.</summary>
    ILocalDatabaseServers? LocalServers => null;

    /// <summary>Whether it serves this value of <c>Database:Connection</c>; the embedded engine serves the empty one.</summary>
    bool Serves(string connection);

    /// <summary>Constructs the server without effects; the first <see cref="IDatabaseServer.OpenAsync"/> touches disk or network.</summary>
    IDatabaseServer Create(DatabaseServerContext context);

    /// <summary>Checks, page by page, the files that <see cref="IDatabaseServer.BackupAsync"/> wrote; changes nothing.</summary>
    /// <param name="folder">The backup's folder.</param>
    /// <param name="files">Relative to it.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="DatabaseException">One is damaged; the message names it.</exception>
    /// <exception cref="NotSupportedException">The engine keeps its backups with a tool of its own.</exception>
    Task VerifyBackupAsync(string folder, IReadOnlyList<string> files, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{Name} keeps its backups with tools of its own.");
}

/// <summary>What a server is made of.</summary>
/// <param name="Folder">The data folder; an engine that keeps files keeps them in <c>database/</c> below it.</param>
/// <param name="Settings">The settings in force.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where it reports.</param>
public sealed record DatabaseServerContext(string Folder, SettingValues Settings, TimeProvider Time, ILoggerFactory Loggers);

/// <summary>The databases of all modules. Disposing it drains what was accepted, then closes.</summary>
public interface IDatabaseServer : IAsyncDisposable
{
    /// <summary>As people call it.</summary>
    string Engine { get; }

    /// <summary>Opens a module's database, creating and migrating it under a lock; the same name gives the same instance.</summary>
    Task<IDatabase> OpenAsync(DatabaseSchema schema, CancellationToken cancellationToken = default);

    /// <summary>Whether it answers, within <paramref name="cancellationToken"/>'s time.</summary>
    /// <exception cref="DatabaseException">It does not; the message says what to do.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Copies every open database into <paramref name="folder"/>, each as it stood at one moment, while writes go on.</summary>
    /// <returns>The files written, relative to the folder.</returns>
    /// <exception cref="NotSupportedException">The engine has a tool of its own for this; the message names it.</exception>
    Task<IReadOnlyList<string>> BackupAsync(string folder, CancellationToken cancellationToken = default);
}
