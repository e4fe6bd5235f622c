using Groundwork.Ports.Database;
using Groundwork.Ports.Files;

namespace Groundwork.Sqlite;

/// <summary>Whether the disk still takes a commit.</summary>
internal static class SqliteHealth
{
    /// <summary>Less room than this on the disk, and the next larger write may not fit.</summary>
    public const long LeastRoomBytes = 16 << 20;

    private static readonly Statement Touch = new(
        "update schema_migrations set applied_at = applied_at where rowid = (select min(rowid) from schema_migrations)");

    private static readonly Statement Look = new("select count(*) from schema_migrations");

    /// <summary>Rewrites a row with its own values, which is a commit and an fsync, and reads.</summary>
    public static async Task CheckAsync(SqliteDatabase database, CancellationToken cancellationToken)
    {
        await database.WriteAsync(new Command(Touch, Command.AnyKey), cancellationToken);
        await database.ReadAsync(new Command(Look, Command.AnyKey), r => r.GetInt64(0), Freshness.Latest, cancellationToken);
    }

    /// <summary>Looks at the disk's room: a small write may still fit where larger ones have begun to fail.</summary>
    /// <param name="freeBytes">What the disk has left for this user.</param>
    /// <param name="folder">For the message.</param>
    public static void CheckRoom(long freeBytes, string folder)
    {
        if (freeBytes < LeastRoomBytes)
        {
            throw new DatabaseException(
                DatabaseFailure.DiskFull, $"The disk of {folder} has {freeBytes >> 10} KiB left: writes fail, or soon will; reads go on. Make room.");
        }
    }

    /// <summary>Where no database is open yet: whether a file can be made.</summary>
    public static void CheckFolder(string folder)
    {
        try
        {
            DurableFiles.CreateFolder(folder);
            using var file = new FileStream(
                Path.Combine(folder, $"check-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"No file can be written in {folder}: {e.Message} Check its permissions and the disk.", e);
        }
    }
}
