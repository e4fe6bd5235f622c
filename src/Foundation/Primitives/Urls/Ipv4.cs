namespace Groundwork.Primitives.Urls;

/// <summary>IPv4 addresses as people have always been able to write them: one to four numbers, decimal, octal or hexadecimal.</summary>
internal static class Ipv4
{
    private const int Parts = 4;

    /// <summary>Whether a domain's last label is a number, which makes it an address or nothing.</summary>
    /// <param name="domain">Not empty, in lower case.</param>
    public static bool EndsInNumber(ReadOnlySpan<char> domain)
    {
        if (domain[^1] == '.')
            domain = domain[..^1];
        var last = domain[(domain.LastIndexOf('.') + 1)..];
        if (last.IsEmpty || !char.IsAsciiDigit(last[0]))
            return false;
        return !last.ContainsAnyExceptInRange('0', '9') || TryParseNumber(last, out _, out _);
    }

    /// <param name="valid">Whether it was written as an address should be: four decimal numbers.</param>
    public static bool TryParse(ReadOnlySpan<char> domain, out uint address, out bool valid)
    {
        (address, valid) = (0, true);
        if (domain[^1] == '.')
        {
            valid = false;
            domain = domain[..^1];
        }

        ulong value = 0;
        for (var index = 0; ; index++)
        {
            var dot = domain.IndexOf('.');
            if (index == Parts || !TryParseNumber(dot < 0 ? domain : domain[..dot], out var number, out var isDecimal))
                return false;
            valid &= isDecimal && number <= byte.MaxValue;
            if (dot < 0)
            {
                valid &= index == Parts - 1;
                if (number >= 1UL << (8 * (Parts - index)))
                    return false;
                address = (uint)((value << (8 * (Parts - index))) | number);
                return true;
            }

            if (number > byte.MaxValue)
                return false;
            value = (value << 8) | number;
            domain = domain[(dot + 1)..];
        }
    }

    public static void Write(ref UrlDraft draft, uint address)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            draft.Append((int)(address >> shift) & 0xFF);
            draft.Append(shift > 0 ? "." : "");
        }
    }

    /// <param name="number">Any that needs more than 32 bits is 2³².</param>
    private static bool TryParseNumber(ReadOnlySpan<char> text, out ulong number, out bool isDecimal)
    {
        number = 0;
        var radix = text is ['0', 'x', ..] ? 16 : text is ['0', _, ..] ? 8 : 10;
        isDecimal = radix == 10;
        if (text.IsEmpty)
            return false;
        foreach (var c in radix == 16 ? text[2..] : text)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigitLower(c) ? c - 'a' + 10 : radix;
            if (digit >= radix)
                return false;
            number = Math.Min((number * (ulong)radix) + (ulong)digit, 1UL << 32);
        }

        return true;
    }
}
