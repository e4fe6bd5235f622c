using Groundwork.Ports.Messaging;

namespace Groundwork.Kafka;

/// <summary>
/// What a thread has read for a caller who comes for it, one record at a time: bounded in bytes. The thread blocks where it is full; the caller waits without a thread where
/// it is empty.
/// </summary>
/// <remarks>
/// A record that was taken is in hand until the caller comes back: <see cref="WaitForHand"/>, by which a partition is not given up in the middle of one.
/// </remarks>
internal sealed class ReadAhead(int maxBytes)
{
    private readonly object _gate = new(); // a monitor: the thread waits for it to change
    private readonly Queue<IncomingRecord> _records = new();
    private readonly TaskCompletionSource<BrokerException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _came = NewSignal();
    private BrokerException? _failure;
    private long _bytes;
    private bool _isInHand;

    /// <summary>Puts a record behind the others; waits no longer than so long for room.</summary>
    /// <returns>False where there is none yet.</returns>
    public bool TryPut(in IncomingRecord record, TimeSpan patience)
    {
        var size = Size(record);
        lock (_gate)
        {
            while (_records.Count > 0 && _bytes + size > maxBytes)
            {
                if (!Monitor.Wait(_gate, patience))
                    return false;
            }

            _records.Enqueue(record);
            _bytes += size;
            _came.TrySetResult();
            return true;
        }
    }

    /// <summary>What the caller is told once it has taken all records before.</summary>
    public void Fail(BrokerException failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _failed.TrySetResult(failure);
            _came.TrySetResult();
        }
    }

    /// <summary>Completes when there will be nothing more, with why.</summary>
    public Task<BrokerException> Failed => _failed.Task;

    /// <summary>Drops what was not taken: other readers get it.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _bytes = 0;
            _failure = null;
            if (_came.Task.IsCompleted)
                _came = NewSignal();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the next record in hand.</summary>
    public async ValueTask<IncomingRecord> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task came;
            lock (_gate)
            {
                if (_records.TryDequeue(out var record))
                {
                    _bytes -= Size(record);
                    _isInHand = true;
                    Monitor.PulseAll(_gate);
                    return record;
                }

                if (_failure is { } failure)
                    throw failure;
                if (_came.Task.IsCompleted)
                    _came = NewSignal();
                came = _came.Task;
            }

            await came.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The caller is done with what it took.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isInHand = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until nothing is in hand, no longer than so long.</summary>
    public void WaitForHand(TimeSpan patience)
    {
        var began = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (_isInHand && TimeProvider.System.GetElapsedTime(began) is var waited && waited < patience)
                Monitor.Wait(_gate, patience - waited);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static long Size(in IncomingRecord record)
    {
        long size = (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
        foreach (var header in record.Headers)
            size += header.Name.Length + (header.Value?.Length ?? 0);
        return size;
    }
}
