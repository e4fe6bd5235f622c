using Npgsql;
using NpgsqlTypes;

namespace Groundwork.Postgres.Replicas;

/// <summary>
/// The replicas of the server, and the look at them each second.
/// </summary>
/// <remarks>
/// <para>How far a replica is behind is not asked of its clock: <c>pg_last_xact_replay_timestamp</c> also grows old while nothing is
/// written, and stands still when the link to the primary is cut. Instead the primary's position in its log is noted each second; a
/// replica is as old, to within a second, as the first of these positions that it has not yet reached.</para>
/// <para>While the primary does not answer, the last verdict on each replica stands, so that reads go on.</para>
/// <para>Thread-safe; one look at a time.</para>
/// </remarks>
internal sealed class ReplicaSet : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<Replica> _replicas;
    private readonly NpgsqlDataSource _primary;
    private readonly TimeSpan _maxLag;
    private readonly TimeProvider _time;
    private readonly Queue<(long Taken, NpgsqlLogSequenceNumber Position)> _positions = [];
    private readonly CancellationTokenSource _closing = new();
    private Task _looking = Task.CompletedTask;

    /// <summary>Constructs it without effects.</summary>
    public ReplicaSet(PostgresAddress primary, IReadOnlyList<Replica> replicas, TimeSpan maxLag, TimeProvider time)
    {
        (_replicas, _maxLag, _time) = (replicas, maxLag, time);
        _primary = primary.Pool(schema: null, connections: 1);
    }

    /// <summary>All of them, whether they serve or not.</summary>
    public IReadOnlyList<Replica> All => _replicas;

    /// <summary>Looks once, then begins to look each second. Does nothing where there are no replicas.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_replicas.Count == 0)
            return;
        await LookAsync(cancellationToken);
        _looking = Task.Run(LoopAsync, CancellationToken.None);
    }

    /// <summary>Notes the primary's position and looks at every replica.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var primaryAnswers = await NotePositionAsync(cancellationToken);
        await Task.WhenAll(_replicas.Select(r => r.LookAsync(at => primaryAnswers ? LagOf(at) : null, _maxLag, cancellationToken)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await _primary.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        while (await timer.WaitForNextTickAsync(_closing.Token))
            await LookAsync(_closing.Token);
    }

    private async Task<bool> NotePositionAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _primary.CreateCommand("select pg_current_wal_lsn()");
            var taken = _time.GetTimestamp();
            var position = (NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellationToken))!;
            _positions.Enqueue((taken, position));

            // One older than the bound is enough to say "too old".
            while (_positions.Count > 2 && _time.GetElapsedTime(_positions.ElementAt(1).Taken) > _maxLag)
                _positions.Dequeue();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    private TimeSpan? LagOf(NpgsqlLogSequenceNumber reached)
    {
        foreach (var (taken, position) in _positions)
        {
            if (position > reached)
                return _time.GetElapsedTime(taken);
        }

        return TimeSpan.Zero;
    }
}
