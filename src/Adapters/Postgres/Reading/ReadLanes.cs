using Groundwork.Ports.Database;

namespace Groundwork.Postgres.Reading;

/// <summary>
/// The reads of one database that find one row: they share round trips, as writes share transactions.
/// </summary>
/// <remarks>
/// <para>A read alone takes a connection from the pool, two system calls and two or three changes of thread, on either side: several
/// times what finding the row takes. So they wait in one queue; a lane that is free takes what is there, up to
/// <see cref="MaxBatch"/>, without delay, sends it in one message, and answers each caller. While it is under way the next ones
/// gather: the busier, the more share a round trip.</para>
/// <list type="number">
/// <item>Reads that may take long have no business here: whoever stands behind one in a batch waits for it. A statement says by
/// <see cref="Statement.FindsOne"/> that it is quick; all others go each over a connection of its own.</item>
/// <item>A statement that PostgreSQL refuses takes with it what comes after it in its batch. Each of those is sent again on its own, so that
/// only the refused one's caller sees it. A map that throws concerns nobody else.</item>
/// <item>A connection that is lost is opened anew, once, and what was not answered is sent again. Lost again, or not to be had, or
/// without an answer in time: the batch fails, and whoever waits behind it, so that a caller's wait is bounded by the connection
/// string's timeouts while PostgreSQL is away.</item>
/// <item>Cancelling ends the caller's wait; its row is not mapped.</item>
/// </list>
/// <para>Rejected: the driver's multiplexing, which shares its connections between slow statements and quick ones, and ends each with a
/// message of its own, upon which the server ends a transaction and sends a packet; and one statement with <c>= any($1)</c>, which
/// wants a second form of each statement, and a way to tell whose row is whose.</para>
/// <para>The queue has no bound of its own: whoever stands in it is a caller that waits, as at the <see cref="Gate"/>. Safe for any
/// number of concurrent callers.</para>
/// </remarks>
internal sealed class ReadLanes
{
    /// <summary>How many reads share a round trip at most: at some 30 µs each, the last waits 2 ms for the others.</summary>
    public const int MaxBatch = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PendingRead> _waiting = new();
    private readonly Stack<ReadLane> _idle = new();
    private readonly ReadLane[] _all;
    private readonly TaskCompletionSource _allIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;

    /// <summary>Connects to nothing; each lane opens its connection with its first batch.</summary>
    public ReadLanes(Npgsql.NpgsqlDataSource source, int lanes, PostgresAddress address)
    {
        _all = [.. Enumerable.Range(0, lanes).Select(_ => new ReadLane(this, new BatchReader(source), address))];
        foreach (var lane in _all)
            _idle.Push(lane);
    }

    /// <summary>Queues a read, for the next lane that is free.</summary>
    public void Enqueue(PendingRead read)
    {
        ReadLane? lane;
        lock (_lock)
        {
            _waiting.Enqueue(read);
            _idle.TryPop(out lane);
        }

        // Behind the requests that wait for a thread already: their reads may come along.
        if (lane is not null)
            ThreadPool.UnsafeQueueUserWorkItem(lane, preferLocal: false);
    }

    /// <summary>Gives a lane what waits; false where that is nothing, and the lane is idle from then on.</summary>
    public bool TryTake(ReadLane lane, List<PendingRead> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var read))
            {
                if (!read.IsOver)
                    batch.Add(read);
            }

            if (batch.Count > 0)
                return true;
            _idle.Push(lane);
            if (_closing && _idle.Count == _all.Length)
                _allIdle.TrySetResult();
            return false;
        }
    }

    /// <summary>Fails all that wait.</summary>
    public void FailWaiting(DatabaseException failure)
    {
        PendingRead[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var read in waiting)
            read.Fail(failure);
    }

    /// <summary>Answers what was queued, then closes the connections. Nothing is queued any more by then.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
        {
            _closing = true;
            if (_idle.Count == _all.Length)
                _allIdle.TrySetResult();
        }

        await _allIdle.Task;
        foreach (var lane in _all)
            await lane.CloseAsync();
    }
}

/// <summary>One connection's loop over what waits: begun by a read that finds it idle, ended when none does.</summary>
internal sealed class ReadLane(ReadLanes lanes, BatchReader reader, PostgresAddress address) : IThreadPoolWorkItem
{
    private readonly List<PendingRead> _batch = new(ReadLanes.MaxBatch);

    /// <inheritdoc/>
    public void Execute() => _ = LoopAsync();

    /// <summary>Closes the connection. It is idle by then.</summary>
    public ValueTask CloseAsync() => reader.DisposeAsync();

    private async Task LoopAsync()
    {
        while (lanes.TryTake(this, _batch))
        {
            if (await TryAsync(_batch) is { } cause)
                await AnswerEachAsync(cause);
        }
    }

    // Those that are left after a refusal, each on its own.
    private async Task AnswerEachAsync(Exception cause)
    {
        if (Failures.EndsConnection(cause))
        {
            Fail(cause);
            return;
        }

        foreach (var read in _batch.Where(r => !r.IsOver))
        {
            if (await TryAsync([read]) is not { } own)
                continue;
            read.Fail(Failures.NotDone(own, address));
            if (Failures.EndsConnection(own))
            {
                Fail(own);
                return;
            }
        }
    }

    // A read may be repeated: once, where the connection may have gone stale.
    private async Task<Exception?> TryAsync(IReadOnlyList<PendingRead> reads)
    {
        var cause = await reader.TryAnswerAsync(reads);
        if (cause is null || !Failures.MayBeStale(cause))
            return cause;
        PendingRead[] left = [.. reads.Where(r => !r.IsOver)];
        return left.Length == 0 ? null : await reader.TryAnswerAsync(left);
    }

    private void Fail(Exception cause)
    {
        var failure = Failures.NotDone(cause, address);
        foreach (var read in _batch)
            read.Fail(failure);
        lanes.FailWaiting(failure);
    }
}
