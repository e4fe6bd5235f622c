using System.Buffers;

namespace Groundwork.Broker.Logs;

/// <summary>Whole batches as they lie in a log, in a pooled buffer that goes back when this is disposed.</summary>
internal sealed class ReadBuffer(byte[] buffer, int from, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    /// <summary>The batches, one behind the other.</summary>
    public ReadOnlyMemory<byte> Batches => _buffer.AsMemory(from, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } owned)
            ArrayPool<byte>.Shared.Return(owned);
    }
}
