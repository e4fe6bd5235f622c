using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// Commits for good, or says that nobody knows.
/// </summary>
/// <remarks>
/// A commit that waits for a synchronous standby and is cancelled (by the driver, after <c>Command Timeout</c>; by an operator) is a
/// success to PostgreSQL: it is on the primary's disk. It is lost where the primary is, so to us it is none. The server says so by a
/// warning without a code of its own, so any warning with the general one counts: nothing else of ours warns in a commit.
/// </remarks>
internal static class Commits
{
    /// <summary>Commits a transaction.</summary>
    /// <exception cref="NotReplicatedException">The server gave up waiting for its standby.</exception>
    public static async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        string? warning = null;
        connection.Notice += Note;
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            connection.Notice -= Note;
        }

        if (warning is not null)
            throw new NotReplicatedException(warning);

        void Note(object sender, NpgsqlNoticeEventArgs e)
        {
            if (e.Notice is { SqlState: PostgresErrorCodes.Warning, InvariantSeverity: "WARNING" })
                warning = e.Notice.MessageText;
        }
    }
}

/// <summary>A commit of which the server says that it is on its own disk, and perhaps nowhere else.</summary>
internal sealed class NotReplicatedException(string message) : NpgsqlException(message);
