using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Readers;

/// <summary>Reads for somebody who asks for some records at a time. Asked by one caller at a time.</summary>
internal abstract class RecordReader(TimeProvider time) : IAsyncDisposable
{
    // What is taken at once is answered at once: it fits in memory, and in the answer.
    private const long MaxBytes = 4 << 20;

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isEnded;
    private long _asked = time.GetTimestamp();

    /// <summary>For how long it has not been asked.</summary>
    public TimeSpan Rests => _turn.CurrentCount == 0 ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _asked));

    /// <summary>The next records; those that were given before are done.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="wait">How long to wait for the first one.</param>
    /// <param name="cancellationToken">Whoever asked is gone.</param>
    public async Task<IReadOnlyList<IncomingRecord>> TakeAsync(int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isEnded)
                throw new BrokerException(BrokerFault.Refused, "The reader is closed.");
            await DoneAsync(cancellationToken);
            var taken = new List<IncomingRecord>();
            var bytes = 0L;
            while (taken.Count < limit && bytes < MaxBytes && await NextAsync(taken.Count == 0 ? wait : TimeSpan.Zero, time, cancellationToken) is { } record)
            {
                taken.Add(record);
                bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
                Given(record);
            }

            return taken;
        }
        finally
        {
            Volatile.Write(ref _asked, time.GetTimestamp());
            _turn.Release();
        }
    }

    /// <summary>Whether it has given all that was there when it began.</summary>
    public abstract Task<bool> IsAtEndAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever asks now is answered first: what it waits for is used by one at a time.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!_isEnded)
                await EndAsync();
            _isEnded = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What was given is done.</summary>
    protected virtual Task DoneAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A record was given.</summary>
    protected abstract void Given(IncomingRecord record);

    /// <summary>The next record; null where none came in time.</summary>
    protected abstract Task<IncomingRecord?> NextAsync(TimeSpan wait, TimeProvider clock, CancellationToken cancellationToken);

    /// <summary>Ends reading; nobody asks any more.</summary>
    protected abstract Task EndAsync();
}
