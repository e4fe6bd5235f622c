namespace Groundwork.Primitives;

/// <summary>
/// Numbers as text of a fixed number of characters, over the digits <c>0-9a-zA-Z</c>: seven of them name 62⁷, 3.5 · 10¹²,
/// numbers, and nothing in them needs escaping in an address.
/// </summary>
/// <remarks>
/// The most significant digit comes first, so among ASCII strings of one length the order differs from that of the numbers
/// (lower case stands before upper case here, and after it in ASCII). Pure; allocates only where a string is asked for.
/// </remarks>
public static class Base62
{
    /// <summary>The digits, in the order of their values.</summary>
    public const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>How many characters the largest <see cref="long"/> takes.</summary>
    public const int MaxLength = 11;

    private const int Radix = 62;
    private const byte NoDigit = 255;

    private static ReadOnlySpan<byte> Values =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
        51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 255, 255, 255, 255, 255,
    ];

    /// <summary>How many numbers <paramref name="length"/> characters can name: 62 to that power.</summary>
    /// <param name="length">1 to 10; eleven characters name more than a <see cref="long"/> holds.</param>
    public static long Capacity(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength - 1);

        var capacity = 1L;
        for (var i = 0; i < length; i++)
            capacity *= Radix;
        return capacity;
    }

    /// <summary>Fills <paramref name="destination"/> with a number's digits, zeros in front.</summary>
    /// <returns>False where the number is negative or has more digits than fit; the destination's content is then undefined.</returns>
    public static bool TryEncode(long value, Span<char> destination)
    {
        if (value < 0)
            return false;

        var rest = (ulong)value;
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            var quotient = rest / Radix;
            destination[i] = Alphabet[(int)(rest - (quotient * Radix))];
            rest = quotient;
        }

        return rest == 0;
    }

    /// <summary>A number as a string of exactly <paramref name="length"/> characters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or does not fit, or the length is not 1 to 11.</exception>
    public static string Encode(long value, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);

        Span<char> digits = stackalloc char[MaxLength];
        digits = digits[..length];
        if (!TryEncode(value, digits))
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The number does not fit {length} base-62 characters.");
        return new string(digits);
    }

    /// <summary>Reads a number back.</summary>
    /// <returns>False where the text is empty, longer than <see cref="MaxLength"/>, has another character than the alphabet's,
    /// or names a number beyond <see cref="long.MaxValue"/>.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxLength)
            return false;

        var sum = 0UL; // ten digits stay below 2⁶⁰, so that only the eleventh can overflow, and UInt128 is not needed
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] < Values.Length ? Values[text[i]] : NoDigit;
            if (digit == NoDigit || (i == MaxLength - 1 && sum > (long.MaxValue - (ulong)digit) / Radix))
                return false;
            sum = (sum * Radix) + digit;
        }

        value = (long)sum;
        return true;
    }
}
