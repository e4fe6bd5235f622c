namespace Groundwork.Primitives.Urls.Idna;

/// <summary>Where the two invisible joiners may stand: only where they change how a word looks (RFC 5892, appendix A.1 and A.2).</summary>
internal static class JoinerRule
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;
    private const int Virama = 9;

    public static bool Allows(ReadOnlySpan<int> label)
    {
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] is not (NonJoiner or Joiner) || (i > 0 && Normalization.CombiningClass(label[i - 1]) == Virama))
                continue;
            if (label[i] == Joiner || !IsBetweenJoined(label, i))
                return false;
        }

        return true;
    }

    private static bool IsBetweenJoined(ReadOnlySpan<int> label, int index)
    {
        var (before, after) = (index - 1, index + 1);
        while (before >= 0 && Type(label[before]) == JoiningType.T)
            before--;
        while (after < label.Length && Type(label[after]) == JoiningType.T)
            after++;
        return before >= 0 && Type(label[before]) is JoiningType.L or JoiningType.D
            && after < label.Length && Type(label[after]) is JoiningType.R or JoiningType.D;
    }

    private static JoiningType Type(int codePoint) => LabelProperties.Of(codePoint).Joining;
}
