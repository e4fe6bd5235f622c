using System.Runtime.InteropServices;

namespace Groundwork.Primitives.Urls.Idna;

/// <summary>
/// ToASCII of UTS #46, nontransitional, with the Bidi and joiner rules, as the URL standard calls it: first without hyphen,
/// STD3 and length checks, which only tell a valid domain from one that merely parses.
/// </summary>
/// <remarks>Both answers come from one run. Tables of Unicode 17.0.0, loaded when first asked for.</remarks>
internal static class DomainToAscii
{
    /// <summary>
    /// The longest domain, before and after mapping. The standard sets no bound; DNS's is 253 octets, and Punycode's time grows
    /// with the square of the length.
    /// </summary>
    public const int MaxLength = 2048;

    /// <summary>The longest that DNS takes, in ASCII, without a final dot.</summary>
    public const int MaxDnsLength = 253;

    public const int MaxDnsLabelLength = 63;

    /// <param name="strict">Whether it would be converted with all checks on, too.</param>
    public static bool TryConvert(ReadOnlySpan<char> domain, out string ascii, out bool strict)
    {
        (ascii, strict) = ("", true);
        if (domain.Length > MaxLength)
            return false;
        var mapped = Map(domain);
        if (mapped.Count > MaxLength)
            return false;
        Normalization.Compose(mapped);

        var labels = Split(mapped);
        if (!TryDecode(labels))
            return false;
        var isBidi = labels.Exists(label => label.Exists(BidiRule.Applies));
        foreach (var label in labels)
        {
            if (!IsValid(CollectionsMarshal.AsSpan(label), isBidi))
                return false;
            strict &= IsStrict(CollectionsMarshal.AsSpan(label));
        }

        ascii = string.Join('.', labels.Select(Encode));
        strict &= ascii.Length <= MaxDnsLength && ascii.Split('.').All(label => label.Length is > 0 and <= MaxDnsLabelLength);
        return true;
    }

    private static List<int> Map(ReadOnlySpan<char> domain)
    {
        var mapped = new List<int>(domain.Length);
        foreach (var rune in domain.EnumerateRunes())
            IdnaMapping.Map(rune.Value, mapped);
        return mapped;
    }

    private static List<List<int>> Split(List<int> domain)
    {
        var labels = new List<List<int>> { new() };
        foreach (var codePoint in domain)
        {
            if (codePoint == '.')
                labels.Add([]);
            else
                labels[^1].Add(codePoint);
        }

        return labels;
    }

    /// <summary>Puts what Punycode stands for in its place.</summary>
    private static bool TryDecode(List<List<int>> labels)
    {
        foreach (var label in labels)
        {
            if (!HasPrefix(CollectionsMarshal.AsSpan(label)))
                continue;
            if (label.Exists(codePoint => !IsAscii(codePoint)))
                return false;
            var text = new string([.. label.Skip(Punycode.Prefix.Length).Select(codePoint => (char)codePoint)]);
            if (!Punycode.TryDecode(text, label) || label.TrueForAll(IsAscii))
                return false;
            var composed = new List<int>(label);
            Normalization.Compose(composed);
            if (!CollectionsMarshal.AsSpan(composed).SequenceEqual(CollectionsMarshal.AsSpan(label)))
                return false;
        }

        return true;
    }

    private static bool IsValid(ReadOnlySpan<int> label, bool isBidi)
    {
        if (label.IsEmpty)
            return true;
        if (HasPrefix(label) || LabelProperties.Of(label[0]).IsMark)
            return false;
        foreach (var codePoint in label)
        {
            if (codePoint == '.' || !IdnaMapping.IsValid(codePoint))
                return false;
        }

        return JoinerRule.Allows(label) && (!isBidi || BidiRule.Allows(label));
    }

    private static bool IsStrict(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (IsAscii(codePoint) && codePoint != '-' && !char.IsAsciiLetterLower((char)codePoint) && !char.IsAsciiDigit((char)codePoint))
                return false;
        }

        return label.IsEmpty || (label[0] != '-' && label[^1] != '-' && label is not [_, _, '-', '-', ..]);
    }

    private static string Encode(List<int> label) => label.TrueForAll(IsAscii)
        ? new string([.. label.Select(codePoint => (char)codePoint)])
        : Punycode.Prefix + Punycode.Encode(CollectionsMarshal.AsSpan(label));

    private static bool HasPrefix(ReadOnlySpan<int> label) => label is ['x', 'n', '-', '-', ..];

    private static bool IsAscii(int codePoint) => codePoint < 0x80;
}
