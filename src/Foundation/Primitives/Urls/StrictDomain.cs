using System.Buffers;
using Groundwork.Primitives.Urls.Idna;

namespace Groundwork.Primitives.Urls;

/// <summary>
/// Whether an ASCII domain is one that DNS and IDNA allow; where not, the standard parses it all the same, and reports it.
/// </summary>
internal static class StrictDomain
{
    private static readonly SearchValues<char> LetterDigitHyphen = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <param name="domain">In lower case.</param>
    public static bool IsValid(ReadOnlySpan<char> domain)
    {
        if (domain.Length > DomainToAscii.MaxDnsLength)
            return false;
        if (HasPunycode(domain))
            return DomainToAscii.TryConvert(domain, out _, out var strict) && strict;
        while (true)
        {
            var dot = domain.IndexOf('.');
            var label = dot < 0 ? domain : domain[..dot];
            if (label.Length is 0 or > DomainToAscii.MaxDnsLabelLength)
                return false;
            if (label.ContainsAnyExcept(LetterDigitHyphen) || HasMisplacedHyphen(label))
                return false;
            if (dot < 0)
                return true;
            domain = domain[(dot + 1)..];
        }
    }

    private static bool HasPunycode(ReadOnlySpan<char> domain) =>
        domain.StartsWith(Punycode.Prefix) || domain.Contains("." + Punycode.Prefix, StringComparison.Ordinal);

    private static bool HasMisplacedHyphen(ReadOnlySpan<char> label) =>
        label[0] == '-' || label[^1] == '-' || (label.Length >= 4 && label[2] == '-' && label[3] == '-');
}
