using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// Turns what PostgreSQL and its driver report into the port's failures, each with what to do.
/// </summary>
/// <remarks>
/// The codes are those of PostgreSQL's documentation, appendix A. The server's details are left out: they quote rows.
/// </remarks>
internal static class Failures
{
    /// <summary>Whether concurrent transactions got in each other's way, so that trying again is right.</summary>
    public static bool IsConflict(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether the connection is gone, or is about to be: nothing more can be learnt through it.</summary>
    public static bool EndsConnection(Exception e) => e switch
    {
        PostgresException p => p.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || p.SqlState.StartsWith("08", StringComparison.Ordinal)
            || p.InvariantSeverity is "FATAL" or "PANIC",
        NpgsqlException => true,
        _ => e is IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException,
    };

    /// <summary>
    /// Whether a pooled connection may only have gone stale, so that a fresh one is worth a try. A server that did not answer in time
    /// is not asked again: the caller has waited long enough.
    /// </summary>
    public static bool MayBeStale(Exception e) => EndsConnection(e) && !IsTimeout(e) && !IsOfDriver(e);

    /// <summary>The failure of something that was certainly not done.</summary>
    public static DatabaseException NotDone(Exception e, PostgresAddress address) => From(e, address, "It was not done.");

    /// <summary>The failure of something whose commit was under way when the connection went, or the wait for a standby was given up.</summary>
    public static DatabaseException Unknown(Exception e, PostgresAddress address) => new(
        DatabaseFailure.Unavailable,
        (e is NotReplicatedException
            ? $"PostgreSQL at {address} gave up waiting for its synchronous standby: whether the write will last is unknown."
            : $"The connection to PostgreSQL at {address} was lost during the commit: whether the write was done is unknown.")
        + " Look before repeating it.",
        e);

    /// <summary>The refusal of whatever comes after the end.</summary>
    public static DatabaseException Closed(string schema) => new(
        DatabaseFailure.Unavailable, $"The database '{schema}' is shutting down. It was not done.");

    private static DatabaseException From(Exception e, PostgresAddress address, string outcome) => e switch
    {
        DatabaseException known => known,
        PostgresException p => FromServer(p, address, outcome),
        _ when IsTimeout(e) => Unavailable(
            e, $"PostgreSQL at {address} did not answer in time.", outcome,
            "Look at its load, or raise Timeout and Command Timeout in Database:Connection."),
        _ when IsOfDriver(e) && address.HasSeveralHosts => Unavailable(
            e, $"PostgreSQL at {address} has no primary: {e.Message.TrimEnd('.')}.", outcome,
            "Where a standby is being promoted, wait; else check the hosts, Username, Password and SSL Mode in Database:Connection."),
        _ when IsOfDriver(e) => Unavailable(
            e, $"PostgreSQL at {address} cannot be entered: {e.Message.TrimEnd('.')}.", outcome,
            "Check Username, Password and SSL Mode in Database:Connection."),
        _ when EndsConnection(e) => Unavailable(
            e, $"PostgreSQL at {address} cannot be reached.", outcome,
            "Check that it runs and that Database:Connection names the right host and port."),
        _ => new DatabaseException(DatabaseFailure.Other, $"PostgreSQL's driver refused a command ({e.GetType().Name}). {outcome}", e),
    };

    private static DatabaseException FromServer(PostgresException e, PostgresAddress address, string outcome) => e.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => new(
            DatabaseFailure.UniqueViolation, $"A unique key is taken ({e.ConstraintName}). {outcome}", e),
        ['2', '3', ..] => new(
            DatabaseFailure.ConstraintViolation, $"A constraint was broken: {e.MessageText}. {outcome}", e),
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => new(
            DatabaseFailure.Contention, $"Concurrent transactions kept conflicting. {outcome} Try again later.", e),
        PostgresErrorCodes.DiskFull => new(
            DatabaseFailure.DiskFull, $"The disk of PostgreSQL at {address} is full. {outcome} Make room.", e),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
            DatabaseFailure.Corrupt, $"PostgreSQL at {address} reports damaged data: {e.MessageText}. Restore a backup.", e),
        PostgresErrorCodes.InvalidCatalogName => Unavailable(
            e, $"PostgreSQL at {address} has no database '{address.Database}'.", outcome,
            $"Create it (createdb {address.Database}), or name another in Database:Connection."),
        ['2', '8', ..] => Unavailable(
            e, $"PostgreSQL at {address} does not let us in ({e.SqlState}).", outcome,
            "Check Username and Password in Database:Connection, and the server's pg_hba.conf."),
        PostgresErrorCodes.InsufficientPrivilege => Unavailable(
            e, $"PostgreSQL at {address} forbids it: {e.MessageText}.", outcome,
            $"Grant the user of Database:Connection the right to create schemas in '{address.Database}'."),
        PostgresErrorCodes.TooManyConnections => Unavailable(
            e, $"PostgreSQL at {address} has no connection left.", outcome,
            "Raise its max_connections, or lower Database:Connections, Database:Writers or Database:Lookups."),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unavailable(
            e, $"PostgreSQL at {address} takes no writes: it is a replica, or was set to read only.", outcome,
            "Name the primary in Database:Connection."),
        PostgresErrorCodes.QueryCanceled => Unavailable(
            e, $"PostgreSQL at {address} gave up a statement that took too long.", outcome,
            "Look at its load, or at statement_timeout."),
        ['5', '3', ..] or ['5', '7', 'P', ..] or ['0', '8', ..] => Unavailable(
            e, $"PostgreSQL at {address} does not serve at the moment: {e.MessageText}.", outcome, "Look at its log."),
        _ => new(DatabaseFailure.Other, $"PostgreSQL refused a statement: {e.SqlState}: {e.MessageText}. {outcome}", e),
    };

    private static bool IsTimeout(Exception e) => e is TimeoutException or NpgsqlException { InnerException: TimeoutException };

    // What the driver itself refuses when it connects: there is no password, or no TLS.
    private static bool IsOfDriver(Exception e) => e is NpgsqlException { InnerException: null } and not PostgresException;

    private static DatabaseException Unavailable(Exception e, string what, string outcome, string wayOut) =>
        new(DatabaseFailure.Unavailable, $"{what} {outcome} {wayOut}", e);
}
