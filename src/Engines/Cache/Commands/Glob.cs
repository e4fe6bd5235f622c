namespace Groundwork.Cache.Commands;

/// <summary>
/// Patterns as Redis has them: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[^a-z]</c>, and <c>\</c> before what is meant as it is.
/// </summary>
/// <remarks>In time of at most pattern × text: of the stars only the last one is ever taken back.</remarks>
internal static class Glob
{
    /// <summary>Whether a text matches a pattern, all of it.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <param name="ignoreCase">Whether letters of ASCII match in either case.</param>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool ignoreCase = false)
    {
        var (p, t) = (0, 0);
        var (starPattern, starText) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (starPattern, starText) = (++p, t);
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, text[t], ignoreCase))
            {
                t++;
            }
            else if (starPattern >= 0)
            {
                (p, t) = (starPattern, ++starText);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    // Moves past what stands for one byte.
    private static bool MatchesOne(ReadOnlySpan<byte> pattern, ref int at, byte c, bool ignoreCase)
    {
        switch (pattern[at])
        {
            case (byte)'?':
                at++;
                return true;
            case (byte)'[':
                return MatchesClass(pattern, ref at, c, ignoreCase);
            case (byte)'\\' when at + 1 < pattern.Length:
                at += 2;
                return Same(pattern[at - 1], c, ignoreCase);
            default:
                at++;
                return Same(pattern[at - 1], c, ignoreCase);
        }
    }

    private static bool MatchesClass(ReadOnlySpan<byte> pattern, ref int at, byte c, bool ignoreCase)
    {
        at++;
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated)
            at++;
        var matches = false;
        for (; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                matches |= Same(pattern[++at], c, ignoreCase);
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                var (low, high) = (Fold(pattern[at], ignoreCase), Fold(pattern[at + 2], ignoreCase));
                if (low > high)
                    (low, high) = (high, low);
                matches |= Fold(c, ignoreCase) >= low && Fold(c, ignoreCase) <= high;
                at += 2;
            }
            else
            {
                matches |= Same(pattern[at], c, ignoreCase);
            }
        }

        // A class without its end goes on to the pattern's.
        if (at < pattern.Length)
            at++;
        return matches != negated;
    }

    private static bool Same(byte a, byte b, bool ignoreCase) => Fold(a, ignoreCase) == Fold(b, ignoreCase);

    private static byte Fold(byte c, bool ignoreCase) => ignoreCase && c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
}
