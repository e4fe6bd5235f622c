using System.Buffers.Text;
using System.Text;

namespace Groundwork.Cache.Resp;

/// <summary>
/// Writes replies, in the version of the protocol that the client asked for: each method is one type of RESP3 and, in
/// RESP2, what Redis puts in its place. Headers say how many elements follow; the caller writes them. Not thread-safe: a
/// connection's is used in <see cref="ClientSession.OnCommand"/> only; one of your own makes bytes to be posted.
/// </summary>
internal sealed unsafe class ReplyWriter(BlockPool pool) : OutputBuffer(pool)
{
    // A type's letter, a number and the line's end.
    private const int HeaderBytes = 1 + IntegerText.MaxBytes + 2;

    // Its length of two digits, its text, and two lines' ends.
    private const int BulkIntegerBytes = 3 + 2 + IntegerText.MaxBytes + 2;

    private byte[]? _code;
    private int _codeLength;

    /// <summary>RESP 2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>One whose answer is posted, or read, and not sent as it is written.</summary>
    public static ReplyWriter InMemory(int protocol) => new(new BlockPool(collected: true)) { Protocol = protocol };

    /// <summary>How many errors were written, ever.</summary>
    public long Errors { get; private set; }

    /// <summary>The last error's code, its first word: at most 16 bytes of it.</summary>
    public ReadOnlySpan<byte> LastErrorCode => _code.AsSpan(0, _codeLength);

    private bool IsResp3 => Protocol == 3;

    /// <summary><c>+text</c>; without a line's end in it.</summary>
    public void SimpleString(ReadOnlySpan<byte> text)
    {
        var to = Reserve(text.Length + 3);
        *to = (byte)'+';
        text.CopyTo(new Span<byte>(to + 1, text.Length));
        Written(EndLine(to + 1 + text.Length));
    }

    public void Ok() => Raw("+OK\r\n"u8);

    public void Pong() => Raw("+PONG\r\n"u8);

    public void Queued() => Raw("+QUEUED\r\n"u8);

    /// <summary>An error, its code first (<c>ERR …</c>, <c>WRONGTYPE …</c>). Line ends in it become blanks.</summary>
    public void Error(ReadOnlySpan<byte> text)
    {
        Errors++;
        NoteCode(text);
        var to = Reserve(text.Length + 3);
        *to = (byte)'-';
        var body = new Span<byte>(to + 1, text.Length);
        text.CopyTo(body);
        body.Replace((byte)'\r', (byte)' ');
        body.Replace((byte)'\n', (byte)' ');
        Written(EndLine(to + 1 + text.Length));
    }

    /// <summary>As <see cref="Error(ReadOnlySpan{byte})"/>, for a text that is put together.</summary>
    public void Error(string text) => Error(Encoding.UTF8.GetBytes(text));

    public void Integer(long value)
    {
        if ((ulong)value < 10)
        {
            var to = Reserve(4);
            to[0] = (byte)':';
            to[1] = (byte)('0' + value);
            Written(EndLine(to + 2));
            return;
        }

        Header((byte)':', value);
    }

    /// <summary>A string of any bytes.</summary>
    public void Bulk(ReadOnlySpan<byte> bytes) => bytes.CopyTo(BulkReserve(bytes.Length));

    /// <summary>A string whose bytes the caller writes at once into what is returned, all of them.</summary>
    public Span<byte> BulkReserve(int length)
    {
        var to = Reserve(HeaderBytes + length + 2);
        var body = WriteHeader(to, (byte)'$', length);
        Written(EndLine(body + length));
        return new Span<byte>(body, length);
    }

    /// <summary>A string that is an integer's text.</summary>
    public void BulkInteger(long value)
    {
        Span<byte> text = stackalloc byte[IntegerText.MaxBytes];
        Utf8Formatter.TryFormat(value, text, out var written);
        Bulk(text[..written]);
    }

    /// <summary>A string that is an integer's text, known only after what follows it: see <see cref="EndBulkInteger"/>.</summary>
    public Mark BeginBulkInteger()
    {
        var to = Reserve(BulkIntegerBytes);
        var begun = Here;
        Written(to + BulkIntegerBytes);
        return begun;
    }

    /// <summary>Says which integer it is. What was begun since was ended.</summary>
    public void EndBulkInteger(Mark begun, long value)
    {
        if (Overflowed)
            return;
        Span<byte> text = stackalloc byte[IntegerText.MaxBytes];
        Utf8Formatter.TryFormat(value, text, out var written);
        var start = begun.Block!.Memory + begun.At;
        var body = WriteHeader(start, (byte)'$', written);
        text[..written].CopyTo(new Span<byte>(body, written));
        var length = (int)(EndLine(body + written) - start);
        CloseGap(begun with { At = begun.At + length }, BulkIntegerBytes - length);
    }

    /// <summary>No value.</summary>
    public void Null() => Raw(IsResp3 ? "_\r\n"u8 : "$-1\r\n"u8);

    /// <summary>No value where an array stood otherwise.</summary>
    public void NullArray() => Raw(IsResp3 ? "_\r\n"u8 : "*-1\r\n"u8);

    /// <summary>An array of so many elements follows.</summary>
    public void ArrayHeader(long count) => Header((byte)'*', count);

    /// <summary>So many pairs follow, each a key and a value.</summary>
    public void MapHeader(long pairs) => Header(IsResp3 ? (byte)'%' : (byte)'*', IsResp3 ? pairs : pairs * 2);

    /// <summary>A set of so many elements follows.</summary>
    public void SetHeader(long count) => Header(IsResp3 ? (byte)'~' : (byte)'*', count);

    /// <summary>A message of so many elements follows that nobody asked for.</summary>
    public void PushHeader(long count) => Header(IsResp3 ? (byte)'>' : (byte)'*', count);

    /// <summary>So many pairs follow that say something of the answer behind them; for those who speak the newer version of the protocol.</summary>
    public void AttributeHeader(long pairs) => Header((byte)'|', pairs);

    /// <summary>
    /// An array follows whose elements are counted while they are written; ended by <see cref="EndArray"/>, the innermost
    /// first.
    /// </summary>
    public Mark BeginArray()
    {
        var to = Reserve(HeaderBytes);
        var begun = Here;
        Written(to + HeaderBytes);
        return begun;
    }

    /// <summary>Says how many elements came since.</summary>
    public void EndArray(Mark begun, long count) => EndAggregate(begun, (byte)'*', count);

    /// <summary>As <see cref="EndArray"/>, for pairs that are a map.</summary>
    public void EndMap(Mark begun, long pairs) => EndAggregate(begun, IsResp3 ? (byte)'%' : (byte)'*', IsResp3 ? pairs : pairs * 2);

    /// <summary>As <see cref="EndArray"/>, for a set.</summary>
    public void EndSet(Mark begun, long count) => EndAggregate(begun, IsResp3 ? (byte)'~' : (byte)'*', count);

    /// <summary>A number, in the fewest digits that read back as the same one.</summary>
    public void Double(double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.MaxBytes];
        var written = DoubleText.Format(value, text);
        if (!IsResp3)
        {
            Bulk(text[..written]);
            return;
        }

        Line((byte)',', text[..written]);
    }

    public void Boolean(bool value)
    {
        if (IsResp3)
            Raw(value ? "#t\r\n"u8 : "#f\r\n"u8);
        else
            Integer(value ? 1 : 0);
    }

    /// <summary>An integer of any size, as text.</summary>
    public void BigNumber(ReadOnlySpan<byte> digits)
    {
        if (IsResp3)
            Line((byte)'(', digits);
        else
            Bulk(digits);
    }

    /// <summary>A text with its format, three letters (<c>txt</c>, <c>mkd</c>).</summary>
    public void Verbatim(ReadOnlySpan<byte> format, ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(format.Length, 3, nameof(format));
        if (!IsResp3)
        {
            Bulk(text);
            return;
        }

        var length = text.Length + 4;
        var to = Reserve(HeaderBytes + length + 2);
        var body = WriteHeader(to, (byte)'=', length);
        format.CopyTo(new Span<byte>(body, 3));
        body[3] = (byte)':';
        text.CopyTo(new Span<byte>(body + 4, text.Length));
        Written(EndLine(body + length));
    }

    private static byte* EndLine(byte* at)
    {
        at[0] = (byte)'\r';
        at[1] = (byte)'\n';
        return at + 2;
    }

    private static byte* WriteHeader(byte* to, byte type, long value)
    {
        *to++ = type;
        if ((ulong)value < 10)
        {
            *to++ = (byte)('0' + value);
        }
        else if ((ulong)value < 100)
        {
            *to++ = (byte)('0' + (value / 10));
            *to++ = (byte)('0' + (value % 10));
        }
        else
        {
            Utf8Formatter.TryFormat(value, new Span<byte>(to, IntegerText.MaxBytes), out var written);
            to += written;
        }

        return EndLine(to);
    }

    private void NoteCode(ReadOnlySpan<byte> text)
    {
        _code ??= new byte[16];
        var end = text.IndexOf((byte)' ');
        var code = text[..Math.Min(_code.Length, end < 0 ? text.Length : end)];
        code.CopyTo(_code);
        _codeLength = code.Length;
    }

    private void Header(byte type, long value) => Written(WriteHeader(Reserve(HeaderBytes), type, value));

    private void Line(byte type, ReadOnlySpan<byte> text)
    {
        var to = Reserve(text.Length + 3);
        *to = type;
        text.CopyTo(new Span<byte>(to + 1, text.Length));
        Written(EndLine(to + 1 + text.Length));
    }

    private void EndAggregate(Mark begun, byte type, long count)
    {
        if (Overflowed)
            return;
        var header = begun.Block!.Memory + begun.At;
        var length = (int)(WriteHeader(header, type, count) - header);
        CloseGap(begun with { At = begun.At + length }, HeaderBytes - length);
    }
}
