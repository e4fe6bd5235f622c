using System.Buffers.Text;
using System.Globalization;

namespace Groundwork.Cache.Resp;

/// <summary>
/// A double's text as Redis lays it out (C's <c>%.17g</c>: an exponent of two digits or more below 1e-4 and from 1e17), with
/// the fewest digits that read back as the same number.
/// </summary>
internal static class DoubleText
{
    /// <summary>The longest text.</summary>
    public const int MaxBytes = 40;

    private const int MaxDigits = 17;

    /// <summary>Writes the text, and returns its length.</summary>
    public static int Format(double value, Span<byte> text)
    {
        if (double.IsNaN(value))
            return Copy("nan"u8, text);
        if (double.IsInfinity(value))
            return Copy(value > 0 ? "inf"u8 : "-inf"u8, text);
        if (Math.Abs(value) < 1e15 && value == Math.Truncate(value) && !(value == 0 && double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat((long)value, text, out var written);
            return written;
        }

        Span<byte> digits = stackalloc byte[MaxBytes];
        var (count, exponent) = Digits(value, digits);
        var at = 0;
        if (double.IsNegative(value))
            text[at++] = (byte)'-';
        return exponent is < -4 or >= MaxDigits
            ? Scientific(digits[..count], exponent, text, at)
            : Plain(digits[..count], exponent, text, at);
    }

    /// <summary>The significant digits, and the power of ten of the first one.</summary>
    private static (int Count, int Exponent) Digits(double value, Span<byte> digits)
    {
        Span<byte> shortest = stackalloc byte[MaxBytes];
        value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture);

        var count = 0;
        var point = -1;
        var exponent = 0;
        for (var i = 0; i < length; i++)
        {
            var letter = shortest[i];
            if (letter == (byte)'.')
            {
                point = count;
            }
            else if (letter is (byte)'E' or (byte)'e')
            {
                exponent = int.Parse(shortest[(i + 1)..length], CultureInfo.InvariantCulture);
                break;
            }
            else if (letter != (byte)'-')
            {
                digits[count++] = letter;
            }
        }

        exponent += (point < 0 ? count : point) - 1;
        var zeros = 0;
        while (zeros < count - 1 && digits[zeros] == (byte)'0')
            zeros++;
        digits[zeros..count].CopyTo(digits);
        count -= zeros;
        exponent -= zeros;
        while (count > 1 && digits[count - 1] == (byte)'0')
            count--;
        return (count, digits[0] == (byte)'0' ? 0 : exponent);
    }

    private static int Plain(ReadOnlySpan<byte> digits, int exponent, Span<byte> text, int at)
    {
        if (exponent < 0)
        {
            text[at++] = (byte)'0';
            text[at++] = (byte)'.';
            for (var zero = -1; zero > exponent; zero--)
                text[at++] = (byte)'0';
            return at + Copy(digits, text[at..]);
        }

        for (var i = 0; i < Math.Max(digits.Length, exponent + 1); i++)
        {
            if (i == exponent + 1)
                text[at++] = (byte)'.';
            text[at++] = i < digits.Length ? digits[i] : (byte)'0';
        }

        return at;
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> text, int at)
    {
        text[at++] = digits[0];
        if (digits.Length > 1)
        {
            text[at++] = (byte)'.';
            at += Copy(digits[1..], text[at..]);
        }

        text[at++] = (byte)'e';
        text[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        var magnitude = Math.Abs(exponent);
        if (magnitude < 10)
            text[at++] = (byte)'0';
        Utf8Formatter.TryFormat(magnitude, text[at..], out var written);
        return at + written;
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
