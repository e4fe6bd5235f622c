using System.Buffers.Text;
using System.Text;

namespace Groundwork.Redis.Raw;

/// <summary>The head of a value in RESP3: its kind, and the number that follows (a length, a count, −1 for none).</summary>
/// <param name="Kind">The kind's character.</param>
/// <param name="Number">The length or count; 0 where the kind has none.</param>
internal readonly record struct RespHead(char Kind, long Number)
{
    /// <summary>Whether bytes follow, as many as the number says.</summary>
    public bool IsBulk => Kind is '$' or '=' or '!';

    /// <summary>How many values follow; 0 for kinds that hold none.</summary>
    public long Items => Kind switch
    {
        '*' or '~' or '>' => Number,
        '%' or '|' => Number * 2,
        _ => 0,
    };
}

/// <summary>
/// Reads values of RESP3 from a stream, piece by piece: an invalidation may name any number of keys, and none of it is kept but the
/// piece at hand.
/// </summary>
/// <remarks>What was returned is good until the next call. For one reader.</remarks>
internal sealed class RespStream(Stream stream)
{
    /// <summary>The longest bulk that is returned; longer ones are passed over.</summary>
    public const int MaxBulk = 8 << 10;

    private const int MaxDepth = 8;

    private readonly byte[] _buffer = new byte[2 * MaxBulk];
    private int _start;
    private int _end;

    /// <summary>The text of the last simple value (<c>+</c> or <c>-</c>).</summary>
    public string Text { get; private set; } = "";

    /// <summary>Reads the head of the next value; of a simple value that is all.</summary>
    /// <exception cref="InvalidDataException">It is not RESP3.</exception>
    public async ValueTask<RespHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            await ReadMoreAsync(cancellationToken);

        var line = _buffer.AsSpan(_start, length);
        _start += length + 2;
        if (line.IsEmpty)
            throw NotResp();
        var kind = (char)line[0];
        switch (kind)
        {
            case '+' or '-':
                Text = Encoding.UTF8.GetString(line[1..]);
                return new RespHead(kind, 0);
            case '_' or '#' or ',' or '(' or ':':
                return new RespHead(kind, 0);
            case '$' or '=' or '!' or '*' or '~' or '>' or '%' or '|':
                return Utf8Parser.TryParse(line[1..], out long number, out var used) && used == line.Length - 1 && number >= -1
                    ? new RespHead(kind, number)
                    : throw NotResp();
            default:
                throw NotResp();
        }
    }

    /// <summary>Reads the bytes of a bulk.</summary>
    /// <returns>Null where there are none, or more than <see cref="MaxBulk"/>.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadBulkAsync(RespHead head, CancellationToken cancellationToken)
    {
        if (head.Number < 0)
            return null;
        if (head.Number > MaxBulk)
        {
            await PassAsync(head.Number + 2, cancellationToken);
            return null;
        }

        var length = (int)head.Number;
        while (_end - _start < length + 2)
            await ReadMoreAsync(cancellationToken);
        var bytes = _buffer.AsMemory(_start, length);
        _start += length + 2;
        return bytes;
    }

    /// <summary>Passes over what follows a head.</summary>
    public ValueTask SkipAsync(RespHead head, CancellationToken cancellationToken) => SkipAsync(head, 0, cancellationToken);

    private async ValueTask SkipAsync(RespHead head, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
            throw NotResp();
        if (head.IsBulk && head.Number >= 0)
            await PassAsync(head.Number + 2, cancellationToken);
        for (var i = 0L; i < head.Items; i++)
            await SkipAsync(await ReadHeadAsync(cancellationToken), depth + 1, cancellationToken);
    }

    private async ValueTask PassAsync(long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            if (_start == _end)
                await ReadMoreAsync(cancellationToken);
            var passed = (int)Math.Min(bytes, _end - _start);
            _start += passed;
            bytes -= passed;
        }
    }

    private async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            throw NotResp(); // a line as long as the buffer
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (read == 0)
            throw new EndOfStreamException("The server has closed the connection.");
        _end += read;
    }

    private static InvalidDataException NotResp() => new("The server sent what is not RESP3.");
}
