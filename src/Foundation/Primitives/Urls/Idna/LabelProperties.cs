namespace Groundwork.Primitives.Urls.Idna;

/// <summary>Bidi_Class, as far as the Bidi rule tells them apart.</summary>
internal enum BidiClass
{
    /// <summary>Left to right: what the table does not list.</summary>
    L,
    R,
    AL,
    AN,
    EN,
    ES,
    CS,
    ET,
    ON,
    BN,
    NSM,

    /// <summary>Every other, none of which the rule allows.</summary>
    X,
}

/// <summary>Joining_Type, as far as the rule of the zero width non-joiner tells them apart.</summary>
internal enum JoiningType
{
    None,

    /// <summary>On both sides.</summary>
    D,

    /// <summary>On its left.</summary>
    L,

    /// <summary>On its right.</summary>
    R,

    /// <summary>Transparent: as if it were not there.</summary>
    T,
}

/// <summary>What the rules of a label ask of a code point that <see cref="IdnaMapping"/> calls valid.</summary>
/// <param name="IsMark">Whether its General_Category is Mark.</param>
internal readonly record struct LabelProperties(BidiClass Bidi, JoiningType Joining, bool IsMark)
{
    private static readonly CodePointTable<LabelProperties> Table = new("label-properties.txt", Read);

    public static LabelProperties Of(int codePoint) => Table.Get(codePoint);

    private static LabelProperties Read(string value)
    {
        var parts = value.Split(' ');
        var isMark = parts[^1] == "m";
        var joins = parts.Length > (isMark ? 2 : 1);
        return new LabelProperties(Enum.Parse<BidiClass>(parts[0]), joins ? Enum.Parse<JoiningType>(parts[1]) : JoiningType.None, isMark);
    }
}
