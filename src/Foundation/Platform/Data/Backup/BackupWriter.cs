using Groundwork.Ports.Database;
using Groundwork.Ports.Files;

namespace Groundwork.Platform.Data.Backup;

/// <summary>Takes backups of the running instance.</summary>
/// <remarks>
/// It stands with the data rather than with the control socket: what a backup is does not depend on who asks for one. Each
/// module's database is copied as it stood at one moment, while writes go on; one backup runs at a time.
/// </remarks>
internal sealed class BackupWriter(IDatabaseServer server, InstancePaths paths, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _running = new(1);

    /// <summary>Copies everything into a new or empty folder. What fails leaves nothing behind.</summary>
    /// <exception cref="BackupException">The folder will not do, or another backup is running.</exception>
    /// <exception cref="NotSupportedException">The engine has a tool of its own; the message names it.</exception>
    public async Task<BackupManifest> WriteAsync(string folder, CancellationToken cancellationToken)
    {
        if (!await _running.WaitAsync(0, cancellationToken))
            throw new BackupException("Another backup is running. Wait for its end.");
        try
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            Refuse(full);
            return await CopyAsync(full, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup into {folder} failed: {e.Message}", e);
        }
        finally
        {
            _running.Release();
        }
    }

    public void Dispose() => _running.Dispose();

    private void Refuse(string folder)
    {
        if (File.Exists(folder))
            throw new BackupException($"{folder} is a file. Name a new folder.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new BackupException($"{folder} is not empty. Name a new folder for each backup.");
        if ((folder + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(paths.Data) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new BackupException($"{folder} is inside the data folder, whose loss it is for. Name one elsewhere, best on another disk.");
    }

    private async Task<BackupManifest> CopyAsync(string folder, CancellationToken cancellationToken)
    {
        var existed = Directory.Exists(folder);
        try
        {
            DurableFiles.CreateFolder(folder);
            var createdAt = time.GetUtcNow();
            var files = new List<BackupFile>();
            foreach (var path in await server.BackupAsync(folder, cancellationToken))
                files.Add(await BackupFile.OfAsync(folder, path, cancellationToken));

            DurableFiles.SyncFolder(folder);
            var manifest = new BackupManifest(BackupManifest.CurrentFormat, ProgramVersion.Number, createdAt, server.Engine, files);
            await manifest.WriteAsync(folder, cancellationToken);
            return manifest;
        }
        catch
        {
            Clear(folder, existed);
            throw;
        }
    }

    // The folder was empty: all that is in it is ours.
    private static void Clear(string folder, bool existed)
    {
        if (!Directory.Exists(folder))
            return;
        var copies = Path.Combine(folder, BackupManifest.Root);
        if (Directory.Exists(copies))
            Directory.Delete(copies, recursive: true);
        File.Delete(Path.Combine(folder, BackupManifest.FileName + ".partial"));
        if (!existed)
            Directory.Delete(folder);
    }
}
