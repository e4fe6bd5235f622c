using System.Buffers;
using System.Text;

namespace Groundwork.Primitives.Urls;

/// <summary>A URL while it is written, from left to right, in the form that it will be kept in.</summary>
/// <remarks>On the stack up to the buffer that it is given, then on rented memory, which <see cref="Dispose"/> returns.</remarks>
internal ref struct UrlDraft(Span<char> buffer)
{
    public UrlLayout Layout = new() { Port = -1, QueryStart = -1, FragmentStart = -1 };

    private Span<char> _buffer = buffer;
    private char[]? _rented;

    public int Length { get; private set; }

    public readonly bool IsSpecial => Layout.Kind != SchemeKind.Other;

    public readonly ReadOnlySpan<char> Written => _buffer[..Length];

    /// <summary>What of the path is written.</summary>
    public readonly ReadOnlySpan<char> Path => _buffer[Layout.PathStart..Length];

    public void Report() => Layout.HasValidationError = true;

    public void ReportIf(bool error) => Layout.HasValidationError |= error;

    public void Append(char c) => Room(1)[0] = c;

    public void Append(scoped ReadOnlySpan<char> text) => text.CopyTo(Room(text.Length));

    public void AppendLower(scoped ReadOnlySpan<char> ascii)
    {
        var room = Room(ascii.Length);
        for (var i = 0; i < ascii.Length; i++)
            room[i] = char.IsAsciiLetterUpper(ascii[i]) ? (char)(ascii[i] | 0x20) : ascii[i];
    }

    public void Append(int number)
    {
        Span<char> digits = stackalloc char[10];
        number.TryFormat(digits, out var length, provider: null);
        Append(digits[..length]);
    }

    /// <summary>Appends text percent-encoded; half of a surrogate pair becomes U+FFFD.</summary>
    /// <param name="validate">Whether to report what is not valid in a URL as it is.</param>
    public void AppendEncoded(scoped ReadOnlySpan<char> text, PercentEncodeSet set, bool validate = true)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(set.Plain);
            if (plain < 0)
                plain = text.Length;
            Append(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
                return;

            Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            if (validate)
                ReportIf(text[0] == '%' ? !IsPercentEncodedByte(text) : !PercentEncodeSet.IsUrlCodePoint(rune.Value));
            if (rune.IsAscii && !set.Encodes((char)rune.Value))
                Append((char)rune.Value);
            else
                AppendPercentEncoded(rune);
            text = text[consumed..];
        }
    }

    /// <summary>Copies the scheme and all that precedes the path, in the place of what is written.</summary>
    public void CopyAuthority(WebUrl from)
    {
        Length = 0;
        Append(from.Href.AsSpan(0, from.Layout.AuthorityEnd));
        Layout = from.Layout with
        {
            PathStart = Length,
            QueryStart = -1,
            FragmentStart = -1,
            HasValidationError = Layout.HasValidationError,
        };
    }

    public void CopyPath(WebUrl from) => Append(from.PathSpan);

    public void CopyQuery(WebUrl from)
    {
        if (from.Layout.QueryStart < 0)
            return;
        Layout.QueryStart = Length;
        Append(from.QuerySpan);
    }

    /// <summary>Takes back what was written from a place on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Puts text where other parts already follow; their places are the caller's to move.</summary>
    public void Insert(int index, scoped ReadOnlySpan<char> text)
    {
        var tail = Length - index;
        Room(text.Length);
        _buffer.Slice(index, tail).CopyTo(_buffer[(index + text.Length)..]);
        text.CopyTo(_buffer[index..]);
    }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<char>.Shared.Return(_rented);
        _rented = null;
    }

    /// <summary>Whether text begins with a percent sign and two hex digits.</summary>
    public static bool IsPercentEncodedByte(ReadOnlySpan<char> text) =>
        text is ['%', _, _, ..] && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    private void AppendPercentEncoded(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
        {
            var room = Room(3);
            room[0] = '%';
            Convert.TryToHexString([value], room[1..], out _);
        }
    }

    private Span<char> Room(int count)
    {
        if (_buffer.Length - Length < count)
            Grow(count);
        var room = _buffer.Slice(Length, count);
        Length += count;
        return room;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(Length + count, 2 * _buffer.Length));
        Written.CopyTo(larger);
        Dispose();
        _buffer = _rented = larger;
    }
}
