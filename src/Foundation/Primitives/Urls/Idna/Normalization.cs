namespace Groundwork.Primitives.Urls.Idna;

/// <summary>
/// Normalization Form C (UAX #15): each character with its accents in one code point where there is one, else in a fixed order.
/// </summary>
/// <remarks><see cref="string.Normalize()"/> returns its input unchanged with invariant globalization.</remarks>
internal static class Normalization
{
    /// <summary>Text below this is in Form C always.</summary>
    private const int FirstThatChanges = 0x300;

    private const int LBase = 0x1100;
    private const int VBase = 0x1161;
    private const int TBase = 0x11A7;
    private const int SBase = 0xAC00;
    private const int LCount = 19;
    private const int VCount = 21;
    private const int TCount = 28;
    private const int NCount = VCount * TCount;
    private const int SCount = LCount * NCount;

    private static readonly CodePointTable<int> Classes = new("combining-classes.txt", int.Parse);

    private static readonly CodePointTable<Decomposition> Decompositions = new("decompositions.txt", ReadDecomposition);

    private static readonly Dictionary<(int First, int Second), int> Compositions = Decompositions.All()
        .Where(d => d.Value.Composes).ToDictionary(d => (d.Value.First, d.Value.Second), d => d.First);

    /// <summary>The canonical combining class; 0 for what stands by itself.</summary>
    public static int CombiningClass(int codePoint) => Classes.Get(codePoint);

    /// <summary>Brings text into Form C in place.</summary>
    public static void Compose(List<int> text)
    {
        if (!text.Exists(codePoint => codePoint >= FirstThatChanges))
            return;
        var decomposed = new List<int>(text.Count);
        foreach (var codePoint in text)
            Decompose(codePoint, decomposed);
        Order(decomposed);
        text.Clear();
        Compose(decomposed, text);
    }

    private static void Decompose(int codePoint, List<int> output)
    {
        if (codePoint is >= SBase and < SBase + SCount)
        {
            var index = codePoint - SBase;
            output.Add(LBase + (index / NCount));
            output.Add(VBase + (index % NCount / TCount));
            if (index % TCount > 0)
                output.Add(TBase + (index % TCount));
        }
        else if (Decompositions.TryGet(codePoint, out var decomposition, out _))
        {
            Decompose(decomposition.First, output);
            if (decomposition.Second > 0)
                Decompose(decomposition.Second, output);
        }
        else
        {
            output.Add(codePoint);
        }
    }

    /// <summary>Puts each run of combining characters in the order of their classes; those of one class keep theirs.</summary>
    private static void Order(List<int> text)
    {
        for (var i = 1; i < text.Count; i++)
        {
            var (codePoint, ccc) = (text[i], CombiningClass(text[i]));
            var place = i;
            while (ccc > 0 && place > 0 && CombiningClass(text[place - 1]) > ccc)
            {
                text[place] = text[place - 1];
                place--;
            }

            text[place] = codePoint;
        }
    }

    private static void Compose(List<int> text, List<int> output)
    {
        var starter = -1;
        foreach (var codePoint in text)
        {
            var ccc = CombiningClass(codePoint);

            // What stands between it and its starter blocks it, unless that is of a lower class.
            var last = output.Count - 1;
            var blocked = last > starter && (ccc == 0 || CombiningClass(output[last]) >= ccc);
            if (starter >= 0 && !blocked && TryCompose(output[starter], codePoint, out var composed))
            {
                output[starter] = composed;
                continue;
            }

            if (ccc == 0)
                starter = output.Count;
            output.Add(codePoint);
        }
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        composed = 0;
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            composed = SBase + ((((first - LBase) * VCount) + second - VBase) * TCount);
        else if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
            composed = first + second - TBase;
        return composed > 0 || Compositions.TryGetValue((first, second), out composed);
    }

    private static Decomposition ReadDecomposition(string value)
    {
        var parts = value[2..].Split(' ');
        return new Decomposition(
            CodePointTable<int>.ReadHex(parts[0]), parts.Length > 1 ? CodePointTable<int>.ReadHex(parts[1]) : 0, value[0] == '=');
    }

    /// <param name="Second">0 where there is but one.</param>
    /// <param name="Composes">Whether the two are put together again.</param>
    private readonly record struct Decomposition(int First, int Second, bool Composes);
}
