using System.Data;
using Npgsql;

namespace Groundwork.Postgres.Writing;

/// <summary>What became of one attempt to commit some commands.</summary>
internal enum AttemptResult
{
    /// <summary>All are durable.</summary>
    Committed,

    /// <summary>The server refused one, or a caller's map did; all were rolled back.</summary>
    Refused,

    /// <summary>The connection was lost before the commit was sent; nothing was done.</summary>
    Lost,

    /// <summary>The connection was lost while the commit was under way, or the server no longer waited for its standby.</summary>
    Unknown,
}

/// <summary>An attempt's result.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Cause">Why it is not <see cref="AttemptResult.Committed"/>.</param>
/// <param name="Offender">The index of the command that was refused; -1 where that cannot be said.</param>
internal readonly record struct Attempt(AttemptResult Result, Exception? Cause = null, int Offender = -1);

/// <summary>
/// One connection that commits groups of commands: one transaction, pipelined, one wait for the disk.
/// </summary>
/// <remarks>
/// <para>It never throws: every failure is an <see cref="Attempt"/>. A connection that may be broken is closed, and the next
/// attempt opens another. Not for concurrent use.</para>
/// <para>The commit goes in a message of its own, after every answer has been read: so a connection lost before is known to have
/// done nothing, which is worth one more round trip a batch.</para>
/// </remarks>
internal sealed class BatchWriter(NpgsqlDataSource source) : IAsyncDisposable
{
    /// <summary>How many commands are sent before their answers are read. More gained nothing when measured, and costs memory.</summary>
    private const int PipelineLength = 512;

    private NpgsqlConnection? _connection;

    /// <summary>Whether the next attempt begins on a connection that served before, which may have gone stale since.</summary>
    public bool HasConnection => _connection is not null;

    /// <summary>Runs the commands in one transaction and commits it.</summary>
    public async Task<Attempt> TryCommitAsync(ArraySegment<PendingWrite> writes)
    {
        NpgsqlTransaction? transaction = null;
        var committing = false;
        try
        {
            _connection ??= await source.OpenConnectionAsync();
            transaction = await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            for (var at = 0; at < writes.Count; at += PipelineLength)
                await SendAsync(transaction, writes.Slice(at, Math.Min(PipelineLength, writes.Count - at)));

            if (FailedMap(writes) is { } failed)
            {
                await RollBackAsync(transaction);
                return failed;
            }

            committing = true;
            await Commits.CommitAsync(transaction, CancellationToken.None);
            await transaction.DisposeAsync();
            return new Attempt(AttemptResult.Committed);
        }
        catch (PostgresException e) when (!Failures.EndsConnection(e))
        {
            if (transaction is null)
                await CloseAsync();
            else
                await RollBackAsync(transaction);
            return new Attempt(AttemptResult.Refused, e, FirstUnanswered(writes));
        }
        catch (Exception e)
        {
            // The pool's other connections are no better after a restart; and one that the driver left in the middle of a message
            // must not come back from the pool.
            source.Clear();
            await CloseAsync();
            return new Attempt(
                committing ? AttemptResult.Unknown : Failures.EndsConnection(e) ? AttemptResult.Lost : AttemptResult.Refused, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task SendAsync(NpgsqlTransaction transaction, ArraySegment<PendingWrite> writes)
    {
        await using var batch = new NpgsqlBatch(_connection, transaction);
        foreach (var write in writes)
            batch.BatchCommands.Add(write.ToBatchCommand());

        // The reader stops only at commands that return rows. Which one it stands at is told by the answers that it has passed.
        await using var reader = await batch.ExecuteReaderAsync();
        var at = 0;
        do
        {
            while (at < writes.Count && writes[at].IsAnswered)
                at++;
            if (at < writes.Count && reader.FieldCount > 0)
                await writes[at].ReadAsync(reader);
        }
        while (await reader.NextResultAsync());
    }

    private static Attempt? FailedMap(ArraySegment<PendingWrite> writes)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].MapFailure is { } failure)
                return new Attempt(AttemptResult.Refused, failure, i);
        }

        return null;
    }

    // The server answers in order and skips what comes after a refusal.
    private static int FirstUnanswered(ArraySegment<PendingWrite> writes)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            if (!writes[i].IsAnswered)
                return i;
        }

        return -1;
    }

    private async Task RollBackAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync();
            await transaction.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        var connection = Interlocked.Exchange(ref _connection, null);
        if (connection is null)
            return;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // It was broken already; the pool drops it.
        }
    }
}
