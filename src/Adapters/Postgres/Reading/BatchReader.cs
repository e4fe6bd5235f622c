using Npgsql;

namespace Groundwork.Postgres.Reading;

/// <summary>
/// One connection that sends groups of reads in one round trip each.
/// </summary>
/// <remarks>
/// Each statement of a group has a snapshot of its own, taken when its turn comes, so it sees all that was acknowledged before it was
/// asked for. A connection that may be broken is closed, and the next attempt opens another. Not for concurrent use.
/// </remarks>
internal sealed class BatchReader(NpgsqlDataSource source) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>Sends the reads and answers each as its rows come; never throws.</summary>
    /// <returns>Null where all are answered; otherwise why those that are not over were not.</returns>
    public async Task<Exception?> TryAnswerAsync(IReadOnlyList<PendingRead> reads)
    {
        try
        {
            _connection ??= await source.OpenConnectionAsync();
            await SendAsync(reads);
            return null;
        }
        catch (PostgresException e) when (!Failures.EndsConnection(e) && _connection is not null)
        {
            return e;
        }
        catch (Exception e)
        {
            // The pool's other connections are no better after a restart; and one that the driver left in the middle of a message
            // must not come back from the pool.
            source.Clear();
            await DisposeAsync();
            return e;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
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

    private async Task SendAsync(IReadOnlyList<PendingRead> reads)
    {
        await using var batch = new NpgsqlBatch(_connection);
        for (var i = 0; i < reads.Count; i++)
            batch.BatchCommands.Add(reads[i].ToBatchCommand());

        // The reader stops only at commands that return rows. Which one it stands at is told by the answers that it has passed.
        await using var reader = await batch.ExecuteReaderAsync();
        var at = 0;
        do
        {
            while (at < reads.Count && reads[at].IsAnswered)
                reads[at++].AnswerEmpty();
            if (at < reads.Count && reader.FieldCount > 0)
                await reads[at++].AnswerAsync(reader);
        }
        while (await reader.NextResultAsync());

        for (; at < reads.Count; at++)
            reads[at].AnswerEmpty();
    }
}
