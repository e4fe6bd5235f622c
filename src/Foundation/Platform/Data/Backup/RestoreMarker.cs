using System.Text.Json;
using Groundwork.Platform.Http;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Data.Backup;

/// <summary>
/// Tells modules that the data they find are a backup's: what was handed out after the backup was taken, the data no longer
/// know of. Whoever hands out numbers skips forward.
/// </summary>
/// <remarks>
/// The mark is a file in the data folder, on the disk before the restored data are in their place. It notes which modules
/// have started on the restored data; a crash before that makes one skip twice, never not at all. Immutable.
/// </remarks>
public sealed class RestoreMarker
{
    private const string FileName = "restored.json";

    private readonly Mark? _mark;

    private RestoreMarker(Mark? mark) => _mark = mark;

    /// <summary>When the backup was taken on whose data the module starts for the first time; null where it is no backup, or
    /// not the first time.</summary>
    public DateTimeOffset? BackupSeenFirstBy(Module module) =>
        _mark is not null && !_mark.SeenBy.Contains(module.Name) ? _mark.BackupAt : null;

    /// <summary>Reads the mark of a data folder.</summary>
    /// <exception cref="StartRefusedException">It is damaged.</exception>
    public static RestoreMarker Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return new RestoreMarker(File.Exists(path) ? JsonSerializer.Deserialize<Mark>(File.ReadAllBytes(path), HttpJson.Options) : null);
        }
        catch (JsonException e)
        {
            throw new StartRefusedException(
                $"{path} is damaged. It tells that the data are a backup's, so that no code is handed out twice: restore the backup again.", e);
        }
    }

    /// <summary>Leaves a mark.</summary>
    internal static Task WriteAsync(string folder, DateTimeOffset backupAt, CancellationToken cancellationToken) =>
        WriteAsync(folder, new Mark(backupAt, []), cancellationToken);

    /// <summary>Notes that these modules have started.</summary>
    internal async Task SeenByAsync(string folder, IReadOnlyList<Module> modules, CancellationToken cancellationToken)
    {
        if (_mark is not null && modules.Any(m => !_mark.SeenBy.Contains(m.Name)))
            await WriteAsync(folder, _mark with { SeenBy = [.. _mark.SeenBy.Union(modules.Select(m => m.Name))] }, cancellationToken);
    }

    private static Task WriteAsync(string folder, Mark mark, CancellationToken cancellationToken) =>
        DurableFiles.WriteAsync(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(mark, HttpJson.Options), cancellationToken);

    private sealed record Mark(DateTimeOffset BackupAt, IReadOnlyList<string> SeenBy);
}
