namespace Groundwork.Cache.Resp;

/// <summary>Integers as the protocol and the commands take them: decimal, no sign but `-`, no zeros or blanks in front.</summary>
internal static class IntegerText
{
    /// <summary>The longest text of a 64-bit integer.</summary>
    public const int MaxBytes = 20;

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > MaxBytes)
            return false;
        var negative = text[0] == (byte)'-';
        var digits = negative ? text[1..] : text;
        if (digits.IsEmpty || (digits[0] == (byte)'0' && (digits.Length > 1 || negative)))
            return false;

        var number = 0UL;
        foreach (var letter in digits)
        {
            var digit = (uint)(letter - '0');
            if (digit > 9 || number > (ulong.MaxValue - digit) / 10)
                return false;
            number = (number * 10) + digit;
        }

        if (number > (negative ? 1UL << 63 : long.MaxValue))
            return false;
        value = negative ? (long)(0 - number) : (long)number;
        return true;
    }
}
