using System.Data;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres.Transactions;

/// <summary>
/// Runs callers' work in serializable transactions, again where they conflicted.
/// </summary>
/// <remarks>
/// One try: (1) a pooled connection, (2) <c>begin</c>, (3) the work, (4) <c>commit</c>. A conflict (40001, 40P01) at any point rolls
/// back and tries again, <see cref="MaxTries"/> times at most. A connection that was lost before the commit was sent has done nothing:
/// it is tried once more, on a fresh one, as pooled connections go stale when the server restarts. Thread-safe.
/// </remarks>
internal sealed class TransactionRunner(NpgsqlDataSource source, Gate gate, PostgresAddress address, TimeProvider time)
{
    private const int MaxTries = 12;

    private readonly KeyLocks _keys = new();

    /// <summary>Runs the work until it has committed or failed.</summary>
    public async Task<T> RunAsync<T>(
        string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        // The key's turn comes before the place at the gate, so that the queue of a busy key keeps nobody else out.
        var turn = key == Command.AnyKey ? null : await _keys.EnterAsync(key, cancellationToken);
        try
        {
            await gate.TakeAsync(cancellationToken);
            try
            {
                return await TryRepeatedlyAsync(work, cancellationToken);
            }
            finally
            {
                gate.Free();
            }
        }
        finally
        {
            turn?.Release();
        }
    }

    private async Task<T> TryRepeatedlyAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var mayBeStale = true;
        for (var tries = 1; ; tries++)
        {
            var outcome = await TryAsync(work, cancellationToken);
            if (outcome.Failure is null)
                return outcome.Value;

            if (outcome.WasLost && mayBeStale)
            {
                mayBeStale = false;
                source.Clear();
            }
            else if (outcome.WasConflict && tries < MaxTries)
            {
                await Conflicts.StandBackAsync(tries, time);
            }
            else
            {
                throw outcome.Failure;
            }
        }
    }

    private async Task<Outcome<T>> TryAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        PostgresTransaction? statements = null;
        var committing = false;
        try
        {
            // 1, 2
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, CancellationToken.None);

            // 3
            statements = new PostgresTransaction(transaction, address);
            var value = await work(statements);
            statements.End();
            if (statements.Doom is { } doom)
                return Outcome<T>.Failed(doom, Failures.NotDone(doom, address));

            // 4
            committing = true;
            await Commits.CommitAsync(transaction, CancellationToken.None);
            return new Outcome<T>(value);
        }
        catch (Exception e) when (committing)
        {
            return Failures.EndsConnection(e)
                ? new Outcome<T>(default!, Failures.Unknown(e, address))
                : Outcome<T>.Failed(e, Failures.NotDone(e, address));
        }
        catch (OperationCanceledException) when (statements is null)
        {
            throw;
        }
        catch (Exception e) when (statements is null)
        {
            return Outcome<T>.Failed(e, Failures.NotDone(e, address));
        }
        catch (Exception e)
        {
            // The work's own exception reaches the caller, unless the reason behind it is worth another try.
            return Outcome<T>.Failed(statements!.Doom, e);
        }
        finally
        {
            statements?.End();
        }
    }

    /// <summary>What became of one try.</summary>
    private readonly record struct Outcome<T>(T Value, Exception? Failure = null, bool WasConflict = false, bool WasLost = false)
    {
        public static Outcome<T> Failed(Exception? cause, Exception failure) => new(
            default!, failure, Failures.IsConflict(cause), cause is not null && Failures.MayBeStale(cause));
    }
}
