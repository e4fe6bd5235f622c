using System.Security.Cryptography;
using System.Text.Json;
using Groundwork.Platform.Http;
using Groundwork.Ports.Files;

namespace Groundwork.Platform.Data.Backup;

/// <summary>
/// What a backup holds: written last, so that a folder with a manifest is a whole backup, and one without is none.
/// </summary>
/// <param name="Format">The form of the manifest: <see cref="CurrentFormat"/>.</param>
/// <param name="Program">The version of the program that took it.</param>
/// <param name="CreatedAt">When it was begun: what was acknowledged before is in it.</param>
/// <param name="Engine">The engine whose files they are.</param>
/// <param name="Files">All below <c>database/</c>.</param>
public sealed record BackupManifest(int Format, string Program, DateTimeOffset CreatedAt, string Engine, IReadOnlyList<BackupFile> Files)
{
    /// <summary>The form that this version writes, and the only one there is so far.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The manifest's file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The folder in which all of a backup's files are, as in a data folder.</summary>
    public const string Root = "database";

    // A file for each module; and a manifest of so many lines is some hundred KiB.
    private const int MaxFiles = 1000;
    private const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(HttpJson.Options) { WriteIndented = true };

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="BackupException">There is none, or it is not one that this version understands.</exception>
    public static async Task<BackupManifest> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new BackupException($"{path} is too large to be a manifest.");
            var manifest = JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllBytesAsync(path, cancellationToken), Json);
            if (manifest is null || manifest.Format != CurrentFormat || !manifest.IsSound())
                throw new BackupException($"{path} is not a manifest that version {ProgramVersion.Number} understands.");
            return manifest;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupException($"{folder} holds no backup: there is no {FileName}. A backup that was interrupted has none either.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes it; it is on the disk when this returns.</summary>
    public Task WriteAsync(string folder, CancellationToken cancellationToken) =>
        DurableFiles.WriteAsync(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json), cancellationToken);

    // A name from outside never leads out of the folder that it is put in.
    private bool IsSound() =>
        Engine is not null && Program is not null
        && Files is { Count: > 0 and <= MaxFiles }
        && Files.All(f => f is { Path: not null, Sha256: not null, Size: >= 0 })
        && Files.All(f => f.Path.Split('/') is [Root, { Length: > 0 } name] && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name[0] != '.')
        && Files.DistinctBy(f => f.Path).Count() == Files.Count;
}

/// <summary>One file of a backup.</summary>
/// <param name="Path">Relative to the backup's folder, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal.</param>
public sealed record BackupFile(string Path, long Size, string Sha256)
{
    /// <summary>Measures a file.</summary>
    public static async Task<BackupFile> OfAsync(string folder, string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(System.IO.Path.Combine(folder, path));
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        return new BackupFile(path.Replace('\\', '/'), file.Length, Convert.ToHexStringLower(hash));
    }
}
