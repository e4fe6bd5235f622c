using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// The message that some keys, or all, have changed. The keys are written once; what stands before them differs between the versions
/// of the protocol, and is put right in front of them as it is asked for. Not thread-safe; what it returns is good until the next call.
/// </summary>
internal sealed class Invalidation : IDisposable
{
    // The longest head, and a count of keys.
    private const int HeadBytes = 80;
    private const int FirstBytes = 256;

    // A key's length in digits, and two line ends.
    private const int KeyOverhead = 1 + 10 + 4;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _end = HeadBytes;
    private int _last = HeadBytes;

    /// <summary>How many keys it names.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the keys so far.</summary>
    public int Bytes => _end - HeadBytes;

    private static ReadOnlySpan<byte> PushHead => ">2\r\n$10\r\ninvalidate\r\n"u8;

    private static ReadOnlySpan<byte> ChannelHead => "*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n"u8;

    /// <summary>That who should be told in a client's place has left.</summary>
    public static byte[] RedirectBroken(long id) => Encoding.ASCII.GetBytes($">2\r\n$21\r\ntracking-redir-broken\r\n:{id}\r\n");

    /// <summary>Names a key, unless the last one was the same.</summary>
    public void Add(ReadOnlySpan<byte> key)
    {
        Reserve(KeyOverhead + key.Length);
        var start = _end;
        _buffer[_end++] = (byte)'$';
        Utf8Formatter.TryFormat(key.Length, _buffer.AsSpan(_end), out var digits);
        _end += digits;
        Append("\r\n"u8);
        Append(key);
        Append("\r\n"u8);
        if (Count > 0 && _buffer.AsSpan(_last, start - _last).SequenceEqual(_buffer.AsSpan(start, _end - start)))
        {
            _end = start;
            return;
        }

        _last = start;
        Count++;
    }

    /// <summary>Names none any more.</summary>
    public void Clear() => (Count, _end, _last) = (0, HeadBytes, HeadBytes);

    /// <summary>As a push of RESP3; with no keys, of all.</summary>
    public ReadOnlySpan<byte> Push() => Behind(PushHead, "_\r\n"u8);

    /// <summary>As a message on the channel that RESP2 has for it; with no keys, of all.</summary>
    public ReadOnlySpan<byte> ChannelMessage() => Behind(ChannelHead, "$-1\r\n"u8);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> all)
    {
        Span<byte> count = stackalloc byte[16];
        if (Count > 0)
        {
            count[0] = (byte)'*';
            Utf8Formatter.TryFormat(Count, count[1..], out var digits);
            "\r\n"u8.CopyTo(count[(1 + digits)..]);
            count = count[..(3 + digits)];
        }
        else
        {
            all.CopyTo(count);
            count = count[..all.Length];
        }

        var start = HeadBytes - count.Length;
        count.CopyTo(_buffer.AsSpan(start));
        start -= head.Length;
        head.CopyTo(_buffer.AsSpan(start));
        return _buffer.AsSpan(start, _end - start);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_end + bytes <= _buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_end + bytes, _buffer.Length * 2));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
