using System.Globalization;
using System.Security.Cryptography;
using Groundwork.Platform.Folders;
using Groundwork.Ports.Database;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Data.Backup;

/// <summary>
/// Puts a backup into a data folder on which nothing runs.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The backup is checked: manifest, sizes, checksums, and each database by its engine. Nothing is touched before.</item>
/// <item>The data folder is taken, as an instance takes it, and looked into: what is there is only moved, and only when asked.</item>
/// <item>The files are copied into a folder beside, checked again on the way, and synced.</item>
/// <item>The mark is left (<see cref="RestoreMarker"/>), old data are moved aside, and one rename puts the copy in place.</item>
/// </list>
/// <para>Interrupted at any point, the data folder holds the old data or none; doing it again finishes the work. Where it holds
/// none, no instance starts on it (<see cref="RequireWhole"/>).</para>
/// </remarks>
public sealed class BackupRestorer(IDatabaseEngine engine, TimeProvider time)
{
    private const string Staging = "restore.partial";
    private const string Replaced = "replaced-";

    // What an instance leaves in an empty folder, and what a volume may be born with.
    private static readonly string[] NoData = ["lock", "pid", "control.sock", "restored.json", "lost+found"];

    /// <summary>Refuses a data folder on which a restore was interrupted before its data were in place.</summary>
    /// <exception cref="StartRefusedException">It is one; the message says what to do.</exception>
    internal static void RequireWhole(string dataFolder)
    {
        var staging = Path.Combine(dataFolder, Staging);
        if (Directory.Exists(staging) && !Directory.Exists(Path.Combine(dataFolder, BackupManifest.Root)))
        {
            throw new StartRefusedException(
                $"A restore into {dataFolder} was interrupted. Do it again; or, to begin with what is there, remove {staging} first.");
        }
    }

    /// <summary>Checks that a backup is whole.</summary>
    /// <exception cref="BackupException">It is not; the message names the file.</exception>
    public async Task<BackupManifest> VerifyAsync(string folder, CancellationToken cancellationToken = default)
    {
        var manifest = await BackupManifest.ReadAsync(folder, cancellationToken);
        if (manifest.Engine != engine.Name)
        {
            throw new BackupException(
                $"The backup is of {manifest.Engine}, but {DatabaseSettings.Connection.Name} chooses {engine.Name}. Restore it where {manifest.Engine} is chosen.");
        }

        foreach (var file in manifest.Files)
        {
            if (!File.Exists(Path.Combine(folder, file.Path)))
                throw new BackupException($"The backup is not whole: {file.Path} is missing. Take another one.");
            if (await BackupFile.OfAsync(folder, file.Path, cancellationToken) != file)
                throw Changed(file);
        }

        try
        {
            await engine.VerifyBackupAsync(folder, [.. manifest.Files.Select(f => f.Path)], cancellationToken);
        }
        catch (DatabaseException e)
        {
            throw new BackupException($"The backup is damaged: {e.Message}", e);
        }

        return manifest;
    }

    /// <summary>Restores a backup.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="dataFolder">Where to; made when it is not there.</param>
    /// <param name="replace">Whether data that are there are moved aside; otherwise they are a reason to refuse.</param>
    /// <param name="cancellationToken">Takes effect until the copy is put in place.</param>
    /// <returns>The manifest, and where the old data are now; null where there were none.</returns>
    /// <exception cref="BackupException">It was refused or failed.</exception>
    /// <exception cref="StartRefusedException">An instance runs on the data folder, or it cannot be used.</exception>
    public async Task<(BackupManifest Manifest, string? MovedTo)> RestoreAsync(
        string folder, string dataFolder, bool replace, CancellationToken cancellationToken = default)
    {
        try
        {
            if (IsWithin(dataFolder, folder))
                throw new BackupException($"The data folder {dataFolder} lies in the backup itself. Choose another with --Data=….");
            var manifest = await VerifyAsync(folder, cancellationToken); // 1

            using var data = DataFolder.Take(dataFolder); // 2
            var old = Directory.EnumerateFileSystemEntries(data.FullPath).Where(IsData).ToList();
            if (old.Count > 0 && !replace)
            {
                throw new BackupException(
                    $"The data folder {data.FullPath} has data. Restore into another with --Data=…, or move them aside with --replace.");
            }

            var staging = await CopyAsync(manifest, folder, data.FullPath, cancellationToken); // 3

            await RestoreMarker.WriteAsync(data.FullPath, manifest.CreatedAt, cancellationToken); // 4
            var movedTo = old.Count > 0 ? MoveAside(old, data.FullPath) : null;
            Directory.Move(Path.Combine(staging, BackupManifest.Root), Path.Combine(data.FullPath, BackupManifest.Root));
            DurableFiles.SyncFolder(data.FullPath);
            Directory.Delete(staging, recursive: true);
            return (manifest, movedTo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The restore failed: {e.Message} Mend that, and restore again.", e);
        }
    }

    private static bool IsWithin(string path, string folder) =>
        Path.GetFullPath(path + Path.DirectorySeparatorChar).StartsWith(Path.GetFullPath(folder + Path.DirectorySeparatorChar), StringComparison.Ordinal);

    private static bool IsData(string path) => Path.GetFileName(path) is var name
        && !NoData.Contains(name) && name != Staging && !name.StartsWith(Replaced, StringComparison.Ordinal);

    private static async Task<string> CopyAsync(BackupManifest manifest, string folder, string dataFolder, CancellationToken cancellationToken)
    {
        var size = manifest.Files.Sum(f => f.Size);
        var free = new DriveInfo(dataFolder).AvailableFreeSpace;
        if (free < size)
            throw new BackupException($"The backup takes {size} bytes, and the disk of {dataFolder} has {free}. Make room, or choose another with --Data=….");

        var staging = Path.Combine(dataFolder, Staging);
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true); // of a restore that was interrupted
        var target = Path.Combine(staging, BackupManifest.Root);
        DurableFiles.CreateFolder(target);
        foreach (var file in manifest.Files)
            await CopyAsync(file, Path.Combine(folder, file.Path), Path.Combine(staging, file.Path), cancellationToken);
        DurableFiles.SyncFolder(target);
        return staging;
    }

    private static async Task CopyAsync(BackupFile file, string source, string target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var from = File.OpenRead(source);
        await using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[1 << 20];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
            throw Changed(file);
        to.Flush(flushToDisk: true);
    }

    private string MoveAside(List<string> old, string dataFolder)
    {
        var name = Replaced + time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var aside = Path.Combine(dataFolder, name);
        DurableFiles.CreateFolder(aside);
        foreach (var path in old)
            Directory.Move(path, Path.Combine(aside, Path.GetFileName(path)));
        DurableFiles.SyncFolder(aside);
        DurableFiles.SyncFolder(dataFolder);
        return aside;
    }

    private static BackupException Changed(BackupFile file) => new(
        $"The backup is damaged: {file.Path} is not what it was when the backup was taken (its size or its SHA-256 differs). Use another backup.");
}
