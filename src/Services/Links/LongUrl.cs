using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Groundwork.Links;

/// <summary>Where a link may lead.</summary>
internal static class LongUrl
{
    /// <summary>The longest that is taken, in bytes of its ASCII form.</summary>
    public const int MaxLength = 2048;

    /// <summary>
    /// Brings an address into the form that a <c>Location</c> header carries: ASCII, the host in punycode, everything else
    /// beyond ASCII percent-encoded. What was already encoded stays as it is.
    /// </summary>
    public static bool TryNormalize(string? text, out string normalized, [NotNullWhen(false)] out string? error)
    {
        normalized = "";
        if (string.IsNullOrWhiteSpace(text))
            error = "long_url is required: the absolute http or https URL to which the link leads.";
        else if (text.Length > MaxLength)
            error = $"long_url has {text.Length} characters; {MaxLength} are allowed.";
        else if (text.Any(c => char.IsControl(c) || c is ' ' or '\\'))
            error = "long_url contains a space, a backslash or a control character; percent-encode it.";
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.IdnHost.Length == 0)
            error = "long_url must be an absolute http or https URL, such as https://example.org/path.";
        else
            error = Encode(text, uri, out normalized);
        return error is null;
    }

    private static string? Encode(string text, Uri uri, out string normalized)
    {
        normalized = "";

        // What punycode cannot write stays as it was.
        if (!Ascii.IsValid(uri.IdnHost))
            return $"long_url has the host '{uri.Host}', which is not a host name.";

        var ascii = new StringBuilder(text.Length);
        var written = Ascii.IsValid(text) ? text : new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        foreach (var rune in written.EnumerateRunes())
        {
            if (rune.IsAscii)
                ascii.Append((char)rune.Value);
            else
                ascii.Append(Uri.EscapeDataString(rune.ToString()));
        }

        normalized = ascii.ToString();
        return normalized.Length <= MaxLength ? null : $"long_url has {normalized.Length} characters in its encoded form; {MaxLength} are allowed.";
    }
}
