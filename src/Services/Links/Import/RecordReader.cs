using System.Buffers;
using System.IO.Pipelines;

namespace Groundwork.Links.Import;

/// <summary>
/// Cuts a body of any length into records: lines or, where fields may be quoted (CSV, RFC 4180), lines with the newlines within
/// quotes left in.
/// </summary>
/// <remarks>
/// <para>A record ends with LF or CRLF, the last one also with the body. A byte order mark in front is passed over.</para>
/// <para>Bad records never take others with them. Quotes that stand where none may are left to the fields' reader, and the record
/// then ends with its line. A record that is longer than <see cref="MaxBytes"/> is passed over up to its line's end; but where an
/// open quote made it that long, or never closes at all, only its first line is given up, and reading goes on behind that.
/// (So no byte is looked at more than twice: within an open quote that stays open, every line's quotes come in pairs, and none
/// of these lines opens a quote by itself.)</para>
/// <para>How the body is cut into reads makes no difference. Memory: one buffer of twice <see cref="MaxBytes"/>. Not for
/// concurrent use.</para>
/// </remarks>
internal sealed class RecordReader(PipeReader body, bool quoted)
{
    /// <summary>The longest record, in bytes.</summary>
    public const int MaxBytes = 64 << 10;

    private const byte Quote = (byte)'"';
    private const byte Comma = (byte)',';
    private const byte LineFeed = (byte)'\n';
    private const byte Return = (byte)'\r';

    private static readonly SearchValues<byte> EndsOfPlain = SearchValues.Create(",\"\n"u8);

    private readonly byte[] _buffer = new byte[2 * MaxBytes];
    private State _state = quoted ? State.FieldStart : State.Rest;
    private bool _begun;
    private bool _ended;
    private int _start;
    private int _scanned;
    private int _end;
    private long _nextLine = 1;

    private enum State
    {
        FieldStart,
        Plain,
        Quoted,

        // Behind a quote within quotes: it closes them, or is the first of two.
        QuoteInQuoted,

        // Behind the return that follows a closing quote.
        ReturnBehindQuote,

        // Nothing but the line's end is looked for.
        Rest,
    }

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The record, without its end; valid until the next read. Empty where it is too long.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>What is wrong with the record.</summary>
    public RecordFault Fault { get; private set; }

    /// <summary>Reads the next record; false at the body's end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
            await BeginAsync(cancellationToken);
        while (true)
        {
            if (FindEnd() is var end and >= 0)
                return Give(end, end + 1, RecordFault.None);
            if (_scanned - _start > MaxBytes)
                return GiveFirstLine() || await PassOverAsync(cancellationToken);
            if (await FillAsync(cancellationToken))
                continue;
            if (_start == _end)
                return false;
            return _state != State.Quoted ? Give(_end, _end, RecordFault.None)
                : GiveFirstLine() || Give(_end, _end, RecordFault.UnclosedQuote);
        }
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _begun = true;
        while (_end < 3 && await FillAsync(cancellationToken))
        {
        }

        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _start = _scanned = 3;
    }

    /// <summary>Scans on; gives the place of the newline that ends the record, or -1 where that is not in the buffer, or too far away.</summary>
    private int FindEnd()
    {
        var limit = Math.Min(_end, _start + MaxBytes + 1);
        while (_scanned < limit)
        {
            var rest = _buffer.AsSpan(_scanned..limit);
            var skipped = _state switch
            {
                State.Plain => rest.IndexOfAny(EndsOfPlain),
                State.Quoted => rest.IndexOf(Quote),
                State.Rest => rest.IndexOf(LineFeed),
                _ => 0,
            };
            if (skipped < 0)
            {
                _scanned = limit;
                return -1;
            }

            _scanned += skipped + 1;
            var found = rest[skipped];
            if (found == LineFeed && _state != State.Quoted)
                return _scanned - 1;
            _state = Next(found);
        }

        return -1;
    }

    private State Next(byte found) => (_state, found) switch
    {
        (State.FieldStart, Quote) => State.Quoted,
        (State.FieldStart or State.Plain or State.QuoteInQuoted, Comma) => State.FieldStart,
        (State.FieldStart, _) => State.Plain,
        (State.Quoted, Quote) => State.QuoteInQuoted,
        (State.QuoteInQuoted, Quote) => State.Quoted,
        (State.QuoteInQuoted, Return) => State.ReturnBehindQuote,
        _ => State.Rest,
    };

    private bool Give(int end, int next, RecordFault fault)
    {
        var record = _buffer.AsMemory(_start..end);
        Record = record.Span is [.., Return] ? record[..^1] : record;
        Fault = fault;
        Line = _nextLine;
        _nextLine += next > end ? 1 + record.Span.Count(LineFeed) : 0;
        _start = _scanned = next;
        _state = quoted ? State.FieldStart : State.Rest;
        return true;
    }

    // Only where a quote is open, and reaches beyond the line.
    private bool GiveFirstLine()
    {
        if (_state is not (State.Quoted or State.QuoteInQuoted) || _buffer.AsSpan(_start.._scanned).IndexOf(LineFeed) is not (var length and >= 0))
            return false;
        return Give(_start + length, _start + length + 1, RecordFault.UnclosedQuote);
    }

    private async ValueTask<bool> PassOverAsync(CancellationToken cancellationToken)
    {
        // Those that stood within quotes.
        var newlines = _buffer.AsSpan(_start.._scanned).Count(LineFeed);
        _start = _scanned;
        int length;
        while ((length = _buffer.AsSpan(_start.._end).IndexOf(LineFeed)) < 0)
        {
            _start = _scanned = _end;
            if (!await FillAsync(cancellationToken))
                return Give(_end, _end, RecordFault.TooLong);
        }

        _start += length;
        Give(_start, _start + 1, RecordFault.TooLong);
        _nextLine += newlines;
        return true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        var read = await body.ReadAsync(cancellationToken);
        if (_end == _buffer.Length || _start == _end)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _scanned, _end) = (0, _scanned - _start, _end - _start);
        }

        // The sequence means nothing any more once the pipe has advanced.
        var length = (int)Math.Min(read.Buffer.Length, _buffer.Length - _end);
        var taken = read.Buffer.Slice(0, length);
        taken.CopyTo(_buffer.AsSpan(_end));
        _end += length;
        _ended = read.IsCompleted && length == read.Buffer.Length;
        body.AdvanceTo(taken.End);
        return length > 0 || !_ended;
    }
}

/// <summary>What is wrong with how a record was cut.</summary>
internal enum RecordFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is longer than <see cref="RecordReader.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>A quote opens in it and is not closed within <see cref="RecordReader.MaxBytes"/>; the record is the line.</summary>
    UnclosedQuote,
}
