using System.Globalization;

namespace Groundwork.Primitives.Urls;

/// <summary>IPv6 addresses between brackets, written in the shortest form (RFC 5952).</summary>
internal static class Ipv6
{
    private const int Pieces = 8;

    /// <param name="text">Without the brackets.</param>
    public static bool TryWrite(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        Span<ushort> address = stackalloc ushort[Pieces];
        if (!TryParse(text, address, out var valid))
            return false;
        draft.ReportIf(!valid);
        Write(ref draft, address);
        return true;
    }

    /// <param name="valid">False where a piece has zeros in front.</param>
    private static bool TryParse(ReadOnlySpan<char> text, Span<ushort> address, out bool valid)
    {
        valid = true;
        var (index, compress) = (0, -1);
        if (text.StartsWith(':'))
        {
            if (!text.StartsWith("::"))
                return false;
            text = text[2..];
            compress = ++index;
        }

        while (!text.IsEmpty)
        {
            if (index == Pieces)
                return false;
            if (text[0] == ':')
            {
                if (compress >= 0)
                    return false;
                text = text[1..];
                compress = ++index;
                continue;
            }

            var digits = HexDigits(text);
            if (text[digits..].StartsWith('.'))
            {
                if (digits == 0 || index > Pieces - 2 || !TryParseIpv4(text, out var ipv4))
                    return false;
                address[index++] = (ushort)(ipv4 >> 16);
                address[index++] = (ushort)ipv4;
                break;
            }

            var rest = text[digits..];
            if (!rest.IsEmpty && (rest[0] != ':' || rest.Length == 1))
                return false;
            valid &= digits <= 1 || text[0] != '0';
            ushort.TryParse(text[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address[index++]);
            text = rest.IsEmpty ? rest : rest[1..];
        }

        if (compress < 0)
            return index == Pieces;

        // What stands behind the double colon belongs at the end.
        var moved = address[compress..index];
        Span<ushort> tail = stackalloc ushort[Pieces];
        moved.CopyTo(tail);
        moved.Clear();
        tail[..moved.Length].CopyTo(address[(Pieces - moved.Length)..]);
        return true;
    }

    private static int HexDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < 4 && count < text.Length && char.IsAsciiHexDigit(text[count]))
            count++;
        return count;
    }

    /// <summary>Four decimal numbers without zeros in front, and nothing behind.</summary>
    private static bool TryParseIpv4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || part is ['0', _, ..])
                return false;
            var value = uint.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);
            if (value > byte.MaxValue)
                return false;
            address = (address << 8) | value;
        }

        return parts == 4;
    }

    private static void Write(ref UrlDraft draft, scoped ReadOnlySpan<ushort> address)
    {
        Span<char> hex = stackalloc char[4];
        var (zeros, count) = LongestZeros(address);
        draft.Append('[');
        for (var i = 0; i < Pieces; i++)
        {
            if (i == zeros)
            {
                draft.Append(i == 0 ? "::" : ":");
                i += count - 1;
                continue;
            }

            address[i].TryFormat(hex, out var length, "x", CultureInfo.InvariantCulture);
            draft.Append(hex[..length]);
            draft.Append(i < Pieces - 1 ? ":" : "");
        }

        draft.Append(']');
    }

    /// <summary>The first of the longest runs of at least two zeros; -1 where there is none.</summary>
    private static (int Index, int Count) LongestZeros(ReadOnlySpan<ushort> address)
    {
        var (best, longest) = (-1, 1);
        for (var i = 0; i < Pieces; i++)
        {
            var end = i;
            while (end < Pieces && address[end] == 0)
                end++;
            if (end - i > longest)
                (best, longest) = (i, end - i);
            i = end;
        }

        return (best, longest);
    }
}
