using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Groundwork.Postgres.Replicas;

/// <summary>
/// One streaming replica, and whether it may be read: it answered last time, and was not too far behind.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Replica(PostgresAddress address, ILogger log) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = address.Pool(schema: null, connections: 1);
    private volatile bool _serves;

    /// <summary>Where it is.</summary>
    public PostgresAddress Address => address;

    /// <summary>Whether it may be read. False until the first look.</summary>
    public bool Serves => _serves;

    /// <summary>Looks how far it has replayed the primary's log.</summary>
    /// <param name="lagOf">How old the state at a position of the log is; null where that cannot be said, which changes nothing.</param>
    /// <param name="maxLag">From where on it is too old.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task LookAsync(Func<NpgsqlLogSequenceNumber, TimeSpan?> lagOf, TimeSpan maxLag, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _source.CreateCommand("select pg_last_wal_replay_lsn()");
            if (await command.ExecuteScalarAsync(cancellationToken) is not NpgsqlLogSequenceNumber position)
                PassOver("it is not a streaming replica");
            else if (lagOf(position) is { } lag)
                Judge(lag, maxLag);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
        {
            PassOver("it does not answer");
        }
    }

    /// <summary>Not to be read until a look finds it well.</summary>
    public void PassOver(string reason)
    {
        if (_serves)
            PostgresLog.ReplicaPassedOver(log, address.ToString(), reason);
        _serves = false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private void Judge(TimeSpan lag, TimeSpan maxLag)
    {
        if (lag > maxLag)
        {
            PassOver($"it is {lag.TotalSeconds:F0} s behind");
            return;
        }

        if (!_serves)
            PostgresLog.ReplicaServes(log, address.ToString());
        _serves = true;
    }
}
