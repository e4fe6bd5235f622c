using System.Data.Common;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres.Replicas;

/// <summary>One database's pools on the replicas: reads go round them, past those that do not serve.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReplicaReader(ReplicaSet replicas, string schema, int connections) : IAsyncDisposable
{
    private readonly NpgsqlDataSource[] _pools = [.. replicas.All.Select(r => r.Address.Pool(schema, connections))];
    private uint _turn;

    /// <summary>Reads from one replica; null where none serves or the one whose turn it was failed: the primary then has the word.</summary>
    public async Task<Mapped<T>?> TryReadAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        if (Next() is not { } chosen)
            return null;
        try
        {
            return await Rows.ReadAsync(_pools[chosen], command, map, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (Failures.EndsConnection(e))
            {
                replicas.All[chosen].PassOver("it did not answer a read");
                _pools[chosen].Clear();
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools)
            await pool.DisposeAsync();
    }

    private int? Next()
    {
        var count = (uint)_pools.Length;
        var turn = Interlocked.Increment(ref _turn);
        for (uint i = 0; i < count; i++)
        {
            var candidate = (int)((turn + i) % count);
            if (replicas.All[candidate].Serves)
                return candidate;
        }

        return null;
    }
}
