using System.Runtime.InteropServices;

namespace Groundwork.Primitives.Urls.Idna;

/// <summary>Unicode as letters, digits and hyphens (RFC 3492).</summary>
internal static class Punycode
{
    /// <summary>What a label begins with that is written so.</summary>
    public const string Prefix = "xn--";

    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;
    private const int MaxCodePoint = 0x10FFFF;

    /// <summary>Writes code points, without the prefix. Takes time by their number times that of the different ones.</summary>
    public static string Encode(ReadOnlySpan<int> codePoints)
    {
        var output = new List<char>(codePoints.Length + 8);
        foreach (var codePoint in codePoints)
        {
            if (codePoint < InitialN)
                output.Add((char)codePoint);
        }

        var basic = output.Count;
        var (n, delta, bias, handled) = (InitialN, 0L, InitialBias, basic);
        if (basic > 0)
            output.Add('-');
        while (handled < codePoints.Length)
        {
            var next = int.MaxValue;
            foreach (var codePoint in codePoints)
            {
                if (codePoint >= n && codePoint < next)
                    next = codePoint;
            }

            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var codePoint in codePoints)
            {
                if (codePoint < n)
                    delta++;
                if (codePoint != n)
                    continue;
                AddNumber(output, delta, bias);
                bias = Adapt(delta, handled + 1, first: handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            n++;
        }

        return new string(CollectionsMarshal.AsSpan(output));
    }

    /// <summary>Reads code points; false where the text is none that <see cref="Encode"/> would write.</summary>
    /// <param name="text">In lower case, without the prefix.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, List<int> codePoints)
    {
        codePoints.Clear();
        var delimiter = text.LastIndexOf('-');
        if (delimiter > 0)
        {
            foreach (var c in text[..delimiter])
            {
                if (!char.IsAscii(c))
                    return false;
                codePoints.Add(c);
            }

            text = text[(delimiter + 1)..];
        }

        var (n, index, bias) = ((long)InitialN, 0L, InitialBias);
        while (!text.IsEmpty)
        {
            var before = index;
            if (!TryReadNumber(ref text, bias, ref index))
                return false;
            var count = codePoints.Count + 1;
            bias = Adapt(index - before, count, first: before == 0);
            n += index / count;
            index %= count;
            if (n > MaxCodePoint || n is >= 0xD800 and <= 0xDFFF)
                return false;
            codePoints.Insert((int)index++, (int)n);
        }

        return true;
    }

    private static void AddNumber(List<char> output, long number, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (number < threshold)
                break;
            output.Add(Digit((int)(threshold + ((number - threshold) % (Base - threshold)))));
            number = (number - threshold) / (Base - threshold);
        }

        output.Add(Digit((int)number));
    }

    private static bool TryReadNumber(ref ReadOnlySpan<char> text, int bias, ref long number)
    {
        var weight = 1L;
        for (var k = Base; !text.IsEmpty; k += Base)
        {
            var c = text[0];
            text = text[1..];
            var digit = char.IsAsciiLetterLower(c) ? c - 'a' : char.IsAsciiDigit(c) ? c - '0' + 26 : Base;
            if (digit == Base)
                return false;
            number += digit * weight;
            if (number > int.MaxValue)
                return false;
            var threshold = Threshold(k, bias);
            if (digit < threshold)
                return true;
            weight *= Base - threshold;
            if (weight > int.MaxValue)
                return false;
        }

        return false;
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, TMin, TMax);

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return (int)(k + ((Base - TMin + 1) * delta / (delta + Skew)));
    }
}
