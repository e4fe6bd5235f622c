namespace Groundwork.Ports.Database;

/// <summary>What went wrong, in the words a caller can act on.</summary>
public enum DatabaseFailure
{
    /// <summary>A unique key was taken. The caller's command was not done; try another key.</summary>
    UniqueViolation,

    /// <summary>Another constraint (not null, check) was broken. The caller's command was not done; its input is wrong.</summary>
    ConstraintViolation,

    /// <summary>Concurrent transactions kept conflicting. Not done; try again later.</summary>
    Contention,

    /// <summary>The database could not be reached, or is shutting down. Whether a write was done is unknown unless it says so.</summary>
    Unavailable,

    /// <summary>The disk is full. Not done; reads go on. Make room.</summary>
    DiskFull,

    /// <summary>The file is damaged or not a database. It was left untouched; restore a backup.</summary>
    Corrupt,

    /// <summary>The schema is newer than this program, or a migration was changed after it ran.</summary>
    SchemaMismatch,

    /// <summary>Anything else: a statement that the database refuses is a bug of ours.</summary>
    Other,
}

/// <summary>Every failure of the Database port.</summary>
public sealed class DatabaseException(DatabaseFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What a caller can act on.</summary>
    public DatabaseFailure Failure { get; } = failure;
}
