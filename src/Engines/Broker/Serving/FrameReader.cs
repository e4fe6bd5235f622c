using System.Buffers;
using System.Net.Sockets;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Serving;

/// <summary>
/// Takes requests off a socket, each into a buffer of its own: batches in it are used where they lie until they are durable.
/// What a request says of its length is checked first, and its memory is taken from what the broker has for all of them. Not thread-safe.
/// </summary>
internal sealed class FrameReader(Socket socket, MemoryBudget memory, int maxBytes, TimeProvider time) : IDisposable
{
    private const int InputBytes = 64 << 10;

    // Behind a large request another one is likely: of it no more is read ahead than says how long it is, so that the rest goes where it is used.
    private const int LargeBytes = 32 << 10;
    private const int StartBytes = 64;

    private const long NotBegun = long.MinValue;

    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private int _from;
    private int _to;
    private int _ahead = InputBytes;
    private long _begun = NotBegun;

    /// <summary>For how long a client has been sending the request that is not whole yet; null where none has begun, or where it waits for the broker's memory. For any thread.</summary>
    public TimeSpan? Age => Interlocked.Read(ref _begun) is not NotBegun and var begun ? time.GetElapsedTime(begun) : null;

    /// <summary>The next request; null where the client has closed.</summary>
    /// <exception cref="ProtocolException">What comes is no request.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_to - _from < Framing.LengthBytes)
        {
            if (_to > _from && _begun == NotBegun)
                Begin();
            if (_from > 0)
            {
                _input.AsSpan(_from, _to - _from).CopyTo(_input);
                (_from, _to) = (0, _to - _from);
            }

            var read = await socket.ReceiveAsync(_input.AsMemory(_to, _ahead - _to), cancellationToken);
            if (read == 0)
                return _to == 0 ? null : throw new ProtocolException("The connection ended within a request's length.");
            _to += read;
        }

        var length = Framing.ReadLength(_input.AsSpan(_from, Framing.LengthBytes), maxBytes);
        _from += Framing.LengthBytes;
        _ahead = length < LargeBytes ? InputBytes : StartBytes;
        Interlocked.Exchange(ref _begun, NotBegun);
        var share = await memory.TakeAsync(length, cancellationToken);
        Begin();
        var frame = new Frame(ArrayPool<byte>.Shared.Rent(length), length, share);
        try
        {
            await FillAsync(frame, cancellationToken);
            Interlocked.Exchange(ref _begun, NotBegun);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_input);

    private void Begin() => Interlocked.Exchange(ref _begun, time.GetTimestamp());

    private async ValueTask FillAsync(Frame frame, CancellationToken cancellationToken)
    {
        var there = Math.Min(_to - _from, frame.Bytes.Length);
        _input.AsMemory(_from, there).CopyTo(frame.Bytes);
        _from += there;
        if (_from == _to)
            (_from, _to) = (0, 0);
        while (there < frame.Bytes.Length)
        {
            var read = await socket.ReceiveAsync(frame.Bytes[there..], cancellationToken);
            if (read == 0)
                throw new ProtocolException($"The connection ended after {there} of a request's {frame.Bytes.Length} bytes.");
            there += read;
        }
    }
}

/// <summary>A request's bytes, and their share of the memory. Disposed once, when nothing in it is needed any more.</summary>
internal sealed class Frame(byte[] buffer, int length, MemoryBudget.Share share) : IDisposable
{
    private byte[]? _buffer = buffer;

    public Memory<byte> Bytes { get; } = buffer.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is not { } owned)
            return;
        ArrayPool<byte>.Shared.Return(owned);
        share.Dispose();
    }
}
