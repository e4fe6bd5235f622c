using System.Threading.Channels;
using Groundwork.Ports.Database;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Groundwork.Postgres.Writing;

/// <summary>
/// A bounded queue of commands and the one loop that empties it, batch by batch.
/// </summary>
/// <remarks>
/// <para>The loop:</para>
/// <list type="number">
/// <item>It waits for a command, and takes what else is there, without delay, up to the batch's bound.</item>
/// <item>It runs them in one transaction and commits it; only then are the callers completed.</item>
/// <item>PostgreSQL gives up a whole transaction when one of its statements fails. So where one is refused, the commands before
/// it are run again and committed, then it runs on its own, then the rest. After <see cref="MaxSplits"/> refusals in a batch the
/// rest run each on its own, so that the work stays linear. A map that throws counts as a refusal: its command is not done.</item>
/// <item>A connection lost before the commit was sent is opened anew, once, where it may only have been stale. Lost again, or
/// not to be had: the batch and all that is queued fails as not done, and the loop pauses, longer each time, up to a second.
/// So a caller's wait is bounded while PostgreSQL is away: by that pause and the connection string's timeouts.</item>
/// <item>A connection lost during the commit fails the batch as unknown: repeating it could do it twice.</item>
/// </list>
/// <para>Order: commands commit in the order in which they were queued. Any number of concurrent callers; one loop.</para>
/// </remarks>
internal sealed class WriteLane : IAsyncDisposable
{
    private const int MaxSplits = 8;
    private const int MaxConflicts = 8;
    private static readonly Backoff Outages = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    private readonly Channel<PendingWrite> _queue;
    private readonly BatchWriter _writer;
    private readonly LaneContext _context;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private int _outages;

    /// <summary>Starts the loop; the connection is opened by the first batch.</summary>
    public WriteLane(NpgsqlDataSource source, LaneContext context)
    {
        _context = context;
        _writer = new BatchWriter(source);
        _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(context.QueueLength)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>How many commands wait.</summary>
    public int Length => _queue.Reader.Count;

    /// <summary>Queues a command; waits in front of a full queue, in order.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before there was room.</exception>
    /// <exception cref="DatabaseException">The lane is closed.</exception>
    public async ValueTask EnqueueAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        write.CancelWith(cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            write.TryJoin();
            throw Failures.Closed(_context.Schema);
        }
    }

    /// <summary>Takes no more, finishes what was accepted, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync();
        await _loop;
        await _writer.DisposeAsync();
        _closing.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<PendingWrite>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < _context.BatchSize && _queue.Reader.TryRead(out var write))
            {
                if (write.TryJoin())
                    batch.Add(write);
            }

            if (batch.Count > 0)
                await CommitAsync([.. batch]);
        }
    }

    private async Task CommitAsync(PendingWrite[] batch)
    {
        var (next, offender, splits) = (0, -1, 0);
        while (next < batch.Length)
        {
            var length = splits > MaxSplits || next == offender ? 1 : (next < offender ? offender : batch.Length) - next;
            var writes = new ArraySegment<PendingWrite>(batch, next, length);
            var attempt = await TryAsync(writes);
            switch (attempt.Result)
            {
                case AttemptResult.Committed:
                    foreach (var write in writes)
                        write.Succeed(length);
                    next += length;
                    break;
                case AttemptResult.Refused when length == 1:
                    writes[0].Fail(writes[0].MapFailure ?? Failures.NotDone(attempt.Cause!, _context.Address));
                    next++;
                    break;
                case AttemptResult.Refused:
                    offender = next + attempt.Offender;
                    splits = attempt.Offender < 0 ? MaxSplits + 1 : splits + 1;
                    break;
                case AttemptResult.Unknown:
                    Fail(writes, Failures.Unknown(attempt.Cause!, _context.Address));
                    next += length;
                    break;
                case AttemptResult.Lost:
                    await OutageAsync(new ArraySegment<PendingWrite>(batch, next, batch.Length - next), attempt.Cause!);
                    return;
            }
        }
    }

    private async Task<Attempt> TryAsync(ArraySegment<PendingWrite> writes)
    {
        var mayBeStale = _writer.HasConnection;
        for (var conflicts = 0; ; conflicts++)
        {
            var started = _context.Time.GetTimestamp();
            var attempt = await _writer.TryCommitAsync(writes);
            if (attempt.Result == AttemptResult.Lost && mayBeStale && Failures.MayBeStale(attempt.Cause!))
            {
                mayBeStale = false;
                continue;
            }

            if (attempt.Result == AttemptResult.Refused && Failures.IsConflict(attempt.Cause) && conflicts < MaxConflicts)
            {
                await Conflicts.StandBackAsync(conflicts + 1, _context.Time);
                continue;
            }

            if (attempt.Result == AttemptResult.Committed)
                _context.Telemetry.Committed(_context.Schema, writes.Count, _context.Time.GetElapsedTime(started));
            if (attempt.Result is AttemptResult.Committed or AttemptResult.Refused)
                _outages = 0;
            return attempt;
        }
    }

    private async Task OutageAsync(ArraySegment<PendingWrite> writes, Exception cause)
    {
        var failure = Failures.NotDone(cause, _context.Address);
        if (++_outages == 1)
            PostgresLog.WriterLost(_context.Log, _context.Schema, failure.Message);

        Fail(writes, failure);
        for (var queued = _queue.Reader.Count; queued > 0 && _queue.Reader.TryRead(out var write); queued--)
        {
            if (write.TryJoin())
                write.Fail(failure);
        }

        await Task.Delay(Outages.Ceiling(_outages), _context.Time, _closing.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Fail(ArraySegment<PendingWrite> writes, Exception failure)
    {
        foreach (var write in writes)
            write.Fail(failure);
    }
}

/// <summary>What the lanes of one database share.</summary>
/// <param name="Schema">The schema's name.</param>
/// <param name="Address">Where it is, for messages.</param>
/// <param name="QueueLength">The bound of one lane's queue.</param>
/// <param name="BatchSize">The bound of one batch.</param>
/// <param name="Time">The clock.</param>
/// <param name="Telemetry">Where commits are counted.</param>
/// <param name="Log">Where outages are reported.</param>
internal sealed record LaneContext(
    string Schema, PostgresAddress Address, int QueueLength, int BatchSize, TimeProvider Time, DatabaseTelemetry Telemetry, ILogger Log);
