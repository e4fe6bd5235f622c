using System.Data.Common;
using Groundwork.Ports.Database;
using Groundwork.Postgres.Reading;
using Groundwork.Postgres.Replicas;
using Groundwork.Postgres.Transactions;
using Groundwork.Postgres.Writing;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// One module's schema: sends its writes and its quick reads to lanes, its transactions and other reads to pooled connections.
/// </summary>
/// <remarks>Thread-safe. How many transactions, and reads outside of the lanes, are under way at once is bounded by a gate that
/// all databases share; whoever is at work in any way has been let in by it, so that closing waits for all.</remarks>
internal sealed class PostgresDatabase : IDatabase
{
    private readonly NpgsqlDataSource _source;
    private readonly PostgresAddress _address;
    private readonly Gate _gate;
    private readonly ReplicaReader _replicas;
    private readonly TransactionRunner _transactions;
    private readonly ReadLanes _reads;
    private readonly WriteLane[] _lanes;

    /// <summary>Takes over <paramref name="source"/>; its schema has been migrated.</summary>
    public PostgresDatabase(NpgsqlDataSource source, int readers, int writers, LaneContext context, Gate gate, ReplicaReader replicas)
    {
        (Name, _source, _address, _gate, _replicas) = (context.Schema, source, context.Address, gate, replicas);
        _transactions = new TransactionRunner(source, gate, context.Address, context.Time);
        _reads = new ReadLanes(source, readers, context.Address);
        _lanes = [.. Enumerable.Range(0, writers).Select(_ => new WriteLane(source, context))];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <summary>How many commands wait for a batch.</summary>
    public int QueueLength => _lanes.Sum(l => l.Length);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<T>> WriteAsync<T>(
        Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default)
    {
        Sql.Check(command.Arguments);
        var write = new PendingRows<T>(command, map);
        await LaneOf(command.Key).EnqueueAsync(write, cancellationToken);
        return await write.Task;
    }

    /// <inheritdoc/>
    public async Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default)
    {
        Sql.Check(command.Arguments);
        var write = new PendingCount(command);
        await LaneOf(command.Key).EnqueueAsync(write, cancellationToken);
        return await write.Task;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command,
        Func<DbDataReader, T> map,
        Freshness freshness = Freshness.Latest,
        CancellationToken cancellationToken = default)
    {
        Sql.Check(command.Arguments);
        _gate.Admit(Name);
        try
        {
            if (command.Statement.FindsOne && freshness == Freshness.Latest)
            {
                var read = new PendingRead<T>(command, map);
                read.CancelWith(cancellationToken);
                _reads.Enqueue(read);
                return await read.Task;
            }

            await _gate.TakeAsync(cancellationToken);
            try
            {
                var mapped = freshness == Freshness.ReplicaWillDo
                    ? await _replicas.TryReadAsync(command, map, cancellationToken)
                    : null;
                return (mapped ?? await ReadPrimaryAsync(command, map, cancellationToken)).Get();
            }
            finally
            {
                _gate.Free();
            }
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public async Task<T> TransactAsync<T>(
        string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default)
    {
        _gate.Admit(Name);
        try
        {
            return await _transactions.RunAsync(key, work, cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Finishes the writes that were accepted, then closes every connection.</summary>
    public async Task CloseAsync()
    {
        await Task.WhenAll(_lanes.Select(l => l.DisposeAsync().AsTask()));
        await _reads.CloseAsync();
        await _replicas.DisposeAsync();
        await _source.DisposeAsync();
    }

    // The commands of one key keep their order, since all of them take the same lane.
    private WriteLane LaneOf(string key) =>
        key == Command.AnyKey ? _lanes[0] : _lanes[(uint)string.GetHashCode(key.AsSpan()) % (uint)_lanes.Length];

    private async Task<Mapped<T>> ReadPrimaryAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        // A read may be repeated: once, where the pooled connection may have gone stale.
        for (var mayBeStale = true; ; mayBeStale = false)
        {
            try
            {
                return await Rows.ReadAsync(_source, command, map, cancellationToken);
            }
            catch (Exception e) when (mayBeStale && Failures.MayBeStale(e))
            {
                _source.Clear();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw Failures.NotDone(e, _address);
            }
        }
    }
}
