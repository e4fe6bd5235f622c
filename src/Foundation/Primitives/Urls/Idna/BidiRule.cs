namespace Groundwork.Primitives.Urls.Idna;

/// <summary>What keeps domains with right-to-left scripts readable (RFC 5893, section 2).</summary>
internal static class BidiRule
{
    private const int FirstRightToLeft = 0x590;

    /// <summary>Whether a domain with this in it is one of which every label is checked.</summary>
    public static bool Applies(int codePoint) =>
        codePoint >= FirstRightToLeft && LabelProperties.Of(codePoint).Bidi is BidiClass.R or BidiClass.AL or BidiClass.AN;

    /// <param name="label">Not empty.</param>
    public static bool Allows(ReadOnlySpan<int> label) => LabelProperties.Of(label[0]).Bidi switch
    {
        BidiClass.L => AllowsLeftToRight(label),
        BidiClass.R or BidiClass.AL => AllowsRightToLeft(label),
        _ => false,
    };

    private static bool AllowsLeftToRight(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (LabelProperties.Of(codePoint).Bidi is BidiClass.R or BidiClass.AL or BidiClass.AN or BidiClass.X)
                return false;
        }

        return End(label) is BidiClass.L or BidiClass.EN;
    }

    private static bool AllowsRightToLeft(ReadOnlySpan<int> label)
    {
        var (european, arabic) = (false, false);
        foreach (var codePoint in label)
        {
            var bidi = LabelProperties.Of(codePoint).Bidi;
            if (bidi is BidiClass.L or BidiClass.X)
                return false;
            european |= bidi == BidiClass.EN;
            arabic |= bidi == BidiClass.AN;
        }

        return !(european && arabic) && End(label) is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN;
    }

    /// <summary>The class of the last that is no nonspacing mark.</summary>
    private static BidiClass End(ReadOnlySpan<int> label)
    {
        var last = label.Length - 1;
        while (last > 0 && LabelProperties.Of(label[last]).Bidi == BidiClass.NSM)
            last--;
        return LabelProperties.Of(label[last]).Bidi;
    }
}
