using Groundwork.Ports.Database;
using Groundwork.Ports.Files;

namespace Groundwork.Sqlite;

/// <summary>Whether the disk still takes a commit.</summary>
internal static class SqliteHealth
{
    private static readonly Statement Touch = new(
        "update schema_migrations set applied_at = applied_at where rowid = (select min(rowid) from schema_migrations)");

    private static readonly Statement Look = new("select count(*) from schema_migrations");

    /// <summary>Rewrites a row with its own values, which is a commit and an fsync, and reads.</summary>
    public static async Task CheckAsync(SqliteDatabase database, CancellationToken cancellationToken)
    {
        await database.WriteAsync(new Command(Touch, Command.AnyKey), cancellationToken);
        await database.ReadAsync(new Command(Look, Command.AnyKey), r => r.GetInt64(0), Freshness.Latest, cancellationToken);
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
