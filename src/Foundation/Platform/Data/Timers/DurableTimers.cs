using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Data;

/// <summary>A timer that fires.</summary>
/// <param name="DistributionKey">As it was scheduled.</param>
/// <param name="Key">As it was scheduled.</param>
/// <param name="Payload">As it was scheduled.</param>
/// <param name="Attempt">Which firing this is, from 1; above 1 where an earlier one failed or was cut off.</param>
/// <param name="Epoch">Higher than that of every earlier firing of the key.</param>
public sealed record FiredTimer(string DistributionKey, string Key, byte[] Payload, int Attempt, long Epoch);

/// <summary>
/// Timers that survive restarts: each fires at least once, at its time or as soon after it as a copy runs.
/// </summary>
/// <remarks>
/// <para>A timer is a keyed, delayed item of a <see cref="WorkQueue"/>, and has what that has: epochs, retries with backoff, dead
/// letters, any number of copies. Scheduling a key again replaces the earlier schedule, also while that fires: the
/// firing then is the old one's, and the new one stays. Cancelling does not call back a firing that has begun. A handler that must
/// not act on a replaced or cancelled timer checks its own state, or settles in its transaction
/// (<see cref="AcknowledgeAsync"/>).</para>
/// <para>How late: in the copy that scheduled it, at once when due; in others within the worker's poll interval. The clock is
/// wall-clock time: a timer fires early where a clock runs ahead. Safe for concurrent use.</para>
/// </remarks>
public sealed class DurableTimers
{
    private readonly WorkQueue _queue;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>The timers of one name, in a database whose schema has <see cref="WorkQueue.Schema"/>.</summary>
    /// <param name="name">1 to 248 characters; the queue is called <c>timers:NAME</c>.</param>
    public DurableTimers(IDatabase database, TimeProvider time, Random random, string name, WorkQueueOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (_time, _random) = (time, random);
        _queue = new WorkQueue(database, time, random, $"timers:{name}", options);
    }

    /// <summary>The timers that failed too often.</summary>
    public DeadLetters DeadLetters => _queue.DeadLetters;

    /// <summary>Sets a timer, in place of an earlier one of the same key.</summary>
    /// <param name="distributionKey">By what it is spread; 1 to 255 characters.</param>
    /// <param name="key">Its name within that, 1 to 255 characters.</param>
    /// <param name="due">When it fires; at once where that is past.</param>
    /// <param name="payload">What the handler gets: up to <see cref="WorkQueue.MaxPayloadLength"/> bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ScheduleAsync(
        string distributionKey, string key, DateTimeOffset due, byte[] payload, CancellationToken cancellationToken = default) =>
        _queue.PutAsync(distributionKey, new NewWork(payload) { Id = key, Due = due }, cancellationToken);

    /// <summary>The same in a transaction of that distribution key. The caller calls <see cref="Wake"/> after the commit.</summary>
    public ValueTask ScheduleAsync(ITransaction transaction, string distributionKey, string key, DateTimeOffset due, byte[] payload) =>
        _queue.PutAsync(transaction, distributionKey, new NewWork(payload) { Id = key, Due = due });

    /// <summary>Removes a timer.</summary>
    /// <returns>False where there is none.</returns>
    public Task<bool> CancelAsync(string distributionKey, string key, CancellationToken cancellationToken = default) =>
        _queue.RemoveAsync(distributionKey, key, cancellationToken);

    /// <summary>The same in a transaction of that distribution key.</summary>
    public ValueTask<bool> CancelAsync(ITransaction transaction, string distributionKey, string key) =>
        _queue.RemoveAsync(transaction, distributionKey, key);

    /// <summary>Makes this copy look at its timers at once, after a commit that scheduled one.</summary>
    public void Wake() => _queue.Wake();

    /// <summary>Makes a firing's effect exactly once: in the transaction that has the effect, whose handler then returns
    /// <see cref="WorkResult.Acknowledged"/>.</summary>
    /// <exception cref="ClaimLostException">The timer was replaced or cancelled, or fired elsewhere since; nothing commits.</exception>
    public ValueTask AcknowledgeAsync(ITransaction transaction, FiredTimer timer) =>
        _queue.AcknowledgeAsync(
            transaction,
            new WorkItem(timer.DistributionKey, timer.Key, timer.Payload, WorkPriority.Normal, timer.Attempt, timer.Epoch, default, default));

    /// <summary>How they stand: <see cref="WorkQueueCounts.Delayed"/> wait, <see cref="WorkQueueCounts.Ready"/> are overdue.</summary>
    public Task<WorkQueueCounts> CountAsync(CancellationToken cancellationToken = default) => _queue.CountAsync(cancellationToken);

    /// <summary>What fires them in this copy; to be started, and stopped. Those that were missed fire first.</summary>
    public WorkQueueWorker CreateWorker(
        Func<FiredTimer, CancellationToken, Task<WorkResult>> handler, ILogger logger, WorkQueueWorkerOptions? options = null) =>
        new(
            _queue,
            (item, cancellationToken) => handler(
                new FiredTimer(item.DistributionKey, item.Id, item.Payload, item.Attempt, item.Epoch), cancellationToken),
            _time,
            _random,
            logger,
            options);
}
