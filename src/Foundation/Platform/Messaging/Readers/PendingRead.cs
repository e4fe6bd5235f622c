using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Readers;

/// <summary>Records as they come, of which the next one is awaited also while nobody asks for it. Used by one caller at a time.</summary>
internal sealed class PendingRead(Func<CancellationToken, IAsyncEnumerable<IncomingRecord>> read) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private IAsyncEnumerator<IncomingRecord>? _records;
    private Task<bool>? _next;

    /// <summary>Completes when there is a next record, or reading has ended.</summary>
    public Task<bool> Next => _next ??= (_records ??= read(_end.Token).GetAsyncEnumerator(CancellationToken.None)).MoveNextAsync().AsTask();

    /// <summary>The next record, which is there; the one behind it is awaited from now on.</summary>
    public IncomingRecord Take()
    {
        _next = null;
        return _records!.Current;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_records is not null)
            await _records.DisposeAsync();
        _end.Dispose();
    }
}
