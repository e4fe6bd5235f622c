using System.Runtime.CompilerServices;
using System.Text;

namespace Groundwork.Cache.Resp;

/// <summary>
/// Reads requests as Redis takes them: arrays of bulk strings, and inline commands (a line of words). Incremental: it
/// remembers how far it came in a request that is not whole, so a request costs the same in one piece or byte by byte, and
/// where the pieces end never changes what is found. Holds no bytes itself: the caller keeps what was not used, and may
/// move it between calls. As Redis does, it skips two bytes after a line and after an argument without looking at them.
/// Not thread-safe.
/// </summary>
internal sealed unsafe class RequestParser
{
    private int _remaining;    // arguments still to come
    private int _bulk = -1;    // the length of the argument that comes now; -1: not read yet
    private int _at;           // what is parsed, counted from the request's beginning
    private int _searched;     // no line ends before this
    private int _lineStart;    // where the last line that was read begins

    /// <summary>What was found, valid until the next call of <see cref="Parse"/>.</summary>
    public Arguments Arguments { get; } = new();

    /// <summary>Whether the client has said who it is; before, less is taken from it.</summary>
    public bool IsAuthenticated { get; set; } = true;

    /// <summary>The largest argument, in bytes; 1 to 512 MB.</summary>
    public int MaxBulkBytes { get; set; } = RequestLimits.BulkBytes;

    /// <summary>What is wrong with a malformed request, in the words of Redis.</summary>
    public string? Error { get; private set; }

    /// <summary>How many bytes the request needs at least, as far as it is known, from its beginning.</summary>
    public long Wanted => _bulk >= 0 ? (long)_at + _bulk + 2 : _at + 1L;

    /// <summary>Parses the next request.</summary>
    /// <param name="data">Where the request begins: what an earlier call left unused, and what came since.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="used">How many of them are done with; not those of a request that is incomplete.</param>
    public RequestStatus Parse(byte* data, int length, out int used)
    {
        used = 0;
        while (true)
        {
            var start = data + used;
            var rest = length - used;
            if (_remaining == 0)
            {
                if (rest == 0)
                    return RequestStatus.Incomplete;
                var first = *start == (byte)'*' ? ReadCount(start, rest) : ReadInline(start, rest);
                if (first == Step.Empty)
                {
                    used += _at;
                    Forget();
                    continue;
                }

                if (first != Step.Done)
                    return Status(first);
            }

            if (_remaining > 0 && ReadArguments(start, rest) is var next and not Step.Done)
                return Status(next);

            used += _at;
            Arguments.Locate(start);
            Forget();
            return Arguments.Count == 3 && *start != (byte)'*' && IsHttpRequestLine() ? RequestStatus.Http : RequestStatus.Command;
        }
    }

    private static RequestStatus Status(Step step) => step switch
    {
        Step.Malformed => RequestStatus.Malformed,
        Step.Http => RequestStatus.Http,
        _ => RequestStatus.Incomplete,
    };

    private void Forget()
    {
        _at = 0;
        _searched = 0;
        _remaining = 0;
        _bulk = -1;
    }

    /// <summary>`*3\r\n`: how many arguments follow. None at all is no command, and no error.</summary>
    private Step ReadCount(byte* start, int length)
    {
        var line = ReadLength(start, length, out var count);
        if (line == Line.Incomplete)
            return Step.Incomplete;
        if (line == Line.TooLong)
            return Malformed("Protocol error: too big mbulk count string");
        if (line == Line.Invalid || count > RequestLimits.Arguments)
            return Malformed("Protocol error: invalid multibulk length");
        if (count > RequestLimits.UnauthenticatedArguments && !IsAuthenticated)
            return Malformed("Protocol error: unauthenticated multibulk length");
        if (count <= 0)
            return Step.Empty;

        Arguments.Clear();
        _remaining = (int)count;
        return Step.Done;
    }

    /// <summary>`$3\r\nGET\r\n`, as often as the count said.</summary>
    private Step ReadArguments(byte* start, int length)
    {
        while (_remaining > 0)
        {
            if (_bulk < 0)
            {
                if (_at >= length)
                    return Step.Incomplete;
                var line = ReadLength(start, length, out var bulk);
                if (line == Line.Incomplete)
                    return Step.Incomplete;
                if (line == Line.TooLong)
                    return Malformed("Protocol error: too big bulk count string");
                if (start[_lineStart] != (byte)'$')
                    return Malformed($"Protocol error: expected '$', got '{(char)start[_lineStart]}'");
                if (line == Line.Invalid || bulk < 0 || bulk > MaxBulkBytes)
                    return Malformed("Protocol error: invalid bulk length");
                if (bulk > RequestLimits.UnauthenticatedBulkBytes && !IsAuthenticated)
                    return Malformed("Protocol error: unauthenticated bulk length");
                _bulk = (int)bulk;
            }

            if (length - _at < _bulk + 2L)
                return Step.Incomplete;
            Arguments.Add(_at, _bulk);
            _at += _bulk + 2;
            _searched = _at;
            _bulk = -1;
            _remaining--;
        }

        return Step.Done;
    }

    /// <summary>Reads a line that is a type's letter and a number, from <see cref="_at"/>, and moves behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Line ReadLength(byte* start, int length, out long value)
    {
        // Nearly every line is whole, and one to four digits.
        var digit = start + _at + 1;
        var end = start + length - 1;
        var first = digit;
        var number = 0;
        while (digit < end && first + 4 > digit && (uint)(*digit - '0') <= 9)
            number = (number * 10) + (*digit++ - '0');
        if (digit < end && *digit == (byte)'\r' && digit > first && (*first != (byte)'0' || digit == first + 1))
        {
            value = number;
            _lineStart = _at;
            _at = (int)(digit - start) + 2;
            _searched = _at;
            return Line.Number;
        }

        return ReadLengthSlowly(start, length, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Line ReadLengthSlowly(byte* start, int length, out long value)
    {
        value = 0;
        var from = Math.Max(_at, _searched);
        var until = (int)Math.Min(length, (long)_at + RequestLimits.LineBytes + 1);
        var found = until <= from ? -1 : new ReadOnlySpan<byte>(start + from, until - from).IndexOf((byte)'\r');
        if (found < 0)
        {
            _searched = until;
            return length - _at > RequestLimits.LineBytes ? Line.TooLong : Line.Incomplete;
        }

        var end = from + found;
        if (end + 2 > length)
        {
            _searched = end;
            return Line.Incomplete;
        }

        _lineStart = _at;
        var text = new ReadOnlySpan<byte>(start + _at + 1, Math.Max(0, end - _at - 1));
        _at = end + 2;
        _searched = _at;
        return IntegerText.TryParse(text, out value) ? Line.Number : Line.Invalid;
    }

    /// <summary>`GET key\r\n`, the words split and unquoted where they stand.</summary>
    private Step ReadInline(byte* start, int length)
    {
        var until = Math.Min(length, RequestLimits.LineBytes + 1);
        var found = until <= _searched ? -1 : new ReadOnlySpan<byte>(start + _searched, until - _searched).IndexOf((byte)'\n');
        if (found < 0)
        {
            _searched = until;
            return length > RequestLimits.LineBytes ? Malformed("Protocol error: too big inline request") : Step.Incomplete;
        }

        var end = _searched + found;
        _at = end + 1;
        if (end > 0 && start[end - 1] == (byte)'\r')
            end--;
        Arguments.Clear();
        Arguments.Locate(start);
        if (!InlineRequest.TrySplit(start, end, Arguments))
            return Malformed("Protocol error: unbalanced quotes in request");
        if (Arguments.Count == 0)
            return Step.Empty;
        return IsWord(0, "post"u8) || IsWord(0, "host:"u8) ? Step.Http : Step.Done;
    }

    // `GET / HTTP/1.1`: no command GET has three arguments.
    private bool IsHttpRequestLine() => IsWord(0, "get"u8) && Ascii.EqualsIgnoreCase(Arguments[2][..Math.Min(5, Arguments[2].Length)], "http/"u8);

    private bool IsWord(int index, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(Arguments[index], word);

    private Step Malformed(string error)
    {
        Error = error;
        return Step.Malformed;
    }

    private enum Step
    {
        Incomplete,
        Done,
        Empty,
        Malformed,
        Http,
    }

    private enum Line
    {
        Incomplete,
        Number,
        Invalid,
        TooLong,
    }
}
