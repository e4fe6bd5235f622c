using System.Buffers;

namespace Groundwork.Links;

/// <summary>
/// Words that no drawn code contains and no alias is: the list in <c>obscenities.txt</c>, a word a line, in lower case. Digits
/// that are read as letters count as those.
/// </summary>
internal static class Obscenities
{
    private static readonly string[] Words = Read();

    private static readonly SearchValues<string> Anywhere = SearchValues.Create(Words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a drawn code contains one, wherever.</summary>
    public static bool AppearIn(ReadOnlySpan<char> code)
    {
        Span<char> letters = stackalloc char[Alias.MaxLength];
        return Spell(code, letters).ContainsAny(Anywhere);
    }

    /// <summary>Whether an alias has one among its words, which <c>-</c> and <c>_</c> separate: <c>classics</c> offends nobody, and
    /// neither does a number, whatever it looks like.</summary>
    public static bool AreWordsOf(ReadOnlySpan<char> alias)
    {
        Span<char> letters = stackalloc char[Alias.MaxLength];
        ReadOnlySpan<char> text = Spell(alias, letters);
        foreach (var range in text.SplitAny('-', '_'))
        {
            if (!alias[range].ContainsAnyExceptInRange('0', '9'))
                continue;
            foreach (var word in Words)
            {
                if (text[range].Equals(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    private static Span<char> Spell(ReadOnlySpan<char> code, Span<char> letters)
    {
        for (var i = 0; i < code.Length; i++)
        {
            letters[i] = code[i] switch
            {
                '0' => 'o',
                '1' => 'i',
                '3' => 'e',
                '4' => 'a',
                '5' => 's',
                '7' => 't',
                var c => c,
            };
        }

        return letters[..code.Length];
    }

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(Obscenities).Assembly.GetManifestResourceStream("Groundwork.Links.Codes.obscenities.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
