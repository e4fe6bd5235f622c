using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Primitives.Urls;

namespace Groundwork.Links;

/// <summary>Where a link may lead.</summary>
internal static class LongUrl
{
    /// <summary>The longest that is taken, in bytes of its ASCII form.</summary>
    public const int MaxLength = 8192;

    /// <summary>
    /// Brings an address into the form that a <c>Location</c> header carries. What is ASCII and valid by the URL standard is kept
    /// to the letter; anything else is kept as the standard serializes it: the host in Punycode, what a URL cannot hold
    /// percent-encoded, missing slashes added.
    /// </summary>
    /// <remarks>
    /// Spaces and control characters are refused although the standard strips or encodes them: in an address that a person
    /// pasted they are more often a mistake than a part of it, and so are backslashes.
    /// </remarks>
    /// <param name="url">What browsers make of it: the host and port that it really leads to.</param>
    public static bool TryNormalize(
        string? text, out string normalized, [NotNullWhen(true)] out WebUrl? url, [NotNullWhen(false)] out string? error)
    {
        normalized = "";
        error = Refusal(text, out url);
        if (error is not null)
            return false;
        var written = Ascii.IsValid(text) && !url!.HasValidationError ? text! : url!.Href;
        if (written.Length > MaxLength)
            error = $"long_url has {written.Length} characters in its encoded form; {MaxLength} are allowed.";
        else
            normalized = written;
        return error is null;
    }

    private static string? Refusal(string? text, out WebUrl? url)
    {
        url = null;
        if (string.IsNullOrWhiteSpace(text))
            return "long_url is required: the absolute http or https URL to which the link leads.";
        if (text.Length > MaxLength)
            return $"long_url has {text.Length} characters; {MaxLength} are allowed.";
        if (text.Any(c => char.IsControl(c) || c is ' ' or '\\'))
            return "long_url contains a space, a backslash or a control character; percent-encode it.";
        if (!WebUrl.TryParse(text, out url) || url.Scheme is not ("http" or "https"))
            return "long_url must be an absolute http or https URL with a valid host, such as https://example.org/path.";
        return url.HasCredentials ? "long_url contains a user name or a password; leave out what stands before the '@'." : null;
    }
}
