namespace Groundwork.Primitives;

/// <summary>How far apart two names are, for "did you mean".</summary>
/// <remarks>
/// Insertions, deletions, substitutions and swaps of neighbours, each 1 (Damerau 1964), no part being edited twice: the
/// optimal string alignment. Letters are compared without regard to ASCII case. Pure; O(n · m) time, names above
/// <see cref="MaxLength"/> characters are near to nothing.
/// </remarks>
public static class EditDistance
{
    /// <summary>The longest name that is compared.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// The candidate that a misspelt name most likely stands for, or null where none is within a third of the name's length
    /// (at least 1, at most 4). Of several, the first.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);

        var bound = Math.Clamp(name.Length / 3, 1, 4);
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (!TryDistance(name, candidate, bound, out var distance))
                continue;
            nearest = candidate;
            if (distance == 0)
                break;
            bound = distance - 1; // from here on only a nearer one will do
        }

        return nearest;
    }

    /// <summary>The distance, as long as it is no more than <paramref name="bound"/>.</summary>
    /// <returns>False where the names are farther apart, or one is longer than <see cref="MaxLength"/>.</returns>
    public static bool TryDistance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int bound, out int distance)
    {
        distance = 0;
        if (a.Length > MaxLength || b.Length > MaxLength || Math.Abs(a.Length - b.Length) > bound)
            return false;

        Span<int> rows = stackalloc int[3 * (MaxLength + 1)];
        var before = rows[..(MaxLength + 1)];
        var last = rows[(MaxLength + 1)..(2 * (MaxLength + 1))];
        var current = rows[(2 * (MaxLength + 1))..];
        for (var j = 0; j <= b.Length; j++)
            current[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var free = before;
            before = last;
            last = current;
            current = free;

            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                var best = Math.Min(substitution, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    best = Math.Min(best, before[j - 2] + 1);
                current[j] = best;
            }
        }

        distance = current[b.Length];
        return distance <= bound;
    }

    private static bool Same(char x, char y) => Fold(x) == Fold(y);

    private static char Fold(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
