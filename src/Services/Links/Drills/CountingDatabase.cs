using System.Data.Common;
using System.Diagnostics.Metrics;
using Groundwork.Ports.Database;

namespace Groundwork.Links.Drills;

/// <summary>A database that is slow to answer reads of one link, and counts them: the count is at <c>/metrics</c>.</summary>
internal sealed class CountingDatabase : IDatabase, IDisposable
{
    /// <summary>The count as Prometheus calls it.</summary>
    public const string CountName = "groundwork_drill_reads_total";

    private static readonly TimeSpan SlowBy = TimeSpan.FromMilliseconds(300);

    private readonly IDatabase _real;
    private readonly Meter _meter = new("Groundwork.Links.Drills");
    private readonly Counter<long> _reads;

    public CountingDatabase(IDatabase real)
    {
        _real = real;
        _reads = _meter.CreateCounter<long>("groundwork.drill.reads", "{read}", "Reads of one link.");
    }

    public string Name => _real.Name;

    public bool IsShared => _real.IsShared;

    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default)
    {
        if (command.Statement.Sql.Contains(" from links where number", StringComparison.Ordinal))
        {
            _reads.Add(1);
            await Task.Delay(SlowBy, cancellationToken);
        }

        return await _real.ReadAsync(command, map, freshness, cancellationToken);
    }

    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        _real.WriteAsync(command, map, cancellationToken);

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) => _real.WriteAsync(command, cancellationToken);

    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        _real.TransactAsync(key, work, cancellationToken);

    public void Dispose() => _meter.Dispose();
}
