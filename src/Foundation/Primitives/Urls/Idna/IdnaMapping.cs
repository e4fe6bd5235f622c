namespace Groundwork.Primitives.Urls.Idna;

/// <summary>The mapping table of UTS #46: which code points a domain may hold, and what the others become.</summary>
internal static class IdnaMapping
{
    private static readonly CodePointTable<Entry> Table = new("idna-mapping.txt", Read);

    private enum Kind
    {
        /// <summary>Not in the table.</summary>
        Disallowed,
        Valid,
        Ignored,

        /// <summary>Mapped to the code point that is so much further.</summary>
        Shifted,

        /// <summary>By turns mapped to the next code point and valid, as upper and lower case stand in many scripts.</summary>
        Alternating,

        /// <summary>The whole range becomes the same text.</summary>
        Replaced,
    }

    public static bool IsValid(int codePoint) =>
        Table.TryGet(codePoint, out var entry, out var first)
        && (entry.Kind == Kind.Valid || (entry.Kind == Kind.Alternating && ((codePoint - first) & 1) == 1));

    /// <summary>Appends what a code point becomes; one that is disallowed stays, to be found later.</summary>
    public static void Map(int codePoint, List<int> output)
    {
        Table.TryGet(codePoint, out var entry, out var first);
        switch (entry.Kind)
        {
            case Kind.Ignored:
                break;
            case Kind.Shifted:
                output.Add(codePoint + entry.Shift);
                break;
            case Kind.Alternating:
                output.Add(((codePoint - first) & 1) == 0 ? codePoint + 1 : codePoint);
                break;
            case Kind.Replaced:
                output.AddRange(entry.Text!);
                break;
            default:
                output.Add(codePoint);
                break;
        }
    }

    private static Entry Read(string value) => value switch
    {
        "v" => new Entry(Kind.Valid),
        "i" => new Entry(Kind.Ignored),
        "a" => new Entry(Kind.Alternating),
        ['+', ..] => new Entry(Kind.Shifted, CodePointTable<Entry>.ReadHex(value.AsSpan(1))),
        ['-', ..] => new Entry(Kind.Shifted, -CodePointTable<Entry>.ReadHex(value.AsSpan(1))),
        _ => new Entry(Kind.Replaced, Text: [.. value.Split(' ').Select(hex => CodePointTable<Entry>.ReadHex(hex))]),
    };

    private readonly record struct Entry(Kind Kind, int Shift = 0, int[]? Text = null);
}
