using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Primitives.Urls;

/// <summary>
/// A URL as the WHATWG URL standard parses and writes it (the text of July 2026): what a browser would make of an address.
/// </summary>
/// <remarks>
/// <para>Everything is ASCII: the host in Punycode, the rest percent-encoded as far as the standard asks for. Parsing
/// <see cref="Href"/> gives an equal URL again. Immutable; safe for concurrent use.</para>
/// <para>One string and this object are kept; the parts are cut out of the string when they are asked for.
/// <see cref="Uri"/> was rejected: it follows RFC 3986 and 3987, so it refuses and rewrites what browsers follow, and with
/// invariant globalization it writes international hosts without mapping or normalizing them.</para>
/// </remarks>
public sealed class WebUrl
{
    /// <summary>The longest text that is parsed, in characters. The standard sets no bound; browsers stop here too.</summary>
    public const int MaxLength = 2 * 1024 * 1024;

    private readonly UrlLayout _layout;

    internal WebUrl(string href, in UrlLayout layout)
    {
        Href = href;
        _layout = layout;
    }

    /// <summary>The whole of it, serialized.</summary>
    public string Href { get; }

    /// <summary>In lower case, without the colon.</summary>
    public string Scheme => _layout.Kind.Name() ?? Href[.._layout.SchemeEnd];

    /// <summary>Percent-encoded; empty where there is none.</summary>
    public string Username => HasHost ? Href[(_layout.SchemeEnd + 3).._layout.UsernameEnd] : "";

    /// <summary>Percent-encoded; empty where there is none.</summary>
    public string Password => _layout.HostStart - _layout.UsernameEnd > 1 ? Href[(_layout.UsernameEnd + 1)..(_layout.HostStart - 1)] : "";

    /// <summary>
    /// A domain in Punycode, an IPv4 address as four decimal numbers, an IPv6 address in brackets, or, where the scheme is not
    /// special, any text; null where the URL has no host (<c>mailto:</c>), and empty in <c>file:///</c>.
    /// </summary>
    public string? Host => HasHost ? HostSpan.ToString() : null;

    /// <summary>The port, where it is not the scheme's own.</summary>
    public int? Port => _layout.Port < 0 ? null : _layout.Port;

    /// <summary>The path, with its leading slash where it has one.</summary>
    public string Path => PathSpan.ToString();

    /// <summary>What follows the question mark; null where there is none.</summary>
    public string? Query => _layout.QueryStart < 0 ? null : QuerySpan[1..].ToString();

    /// <summary>What follows the number sign; null where there is none.</summary>
    public string? Fragment => _layout.FragmentStart < 0 ? null : Href[(_layout.FragmentStart + 1)..];

    /// <summary>Whether the scheme is one of http, https, ws, wss, ftp and file, whose form the standard fixes.</summary>
    public bool IsSpecial => _layout.Kind != SchemeKind.Other;

    /// <summary>Whether it carries a user's name or password.</summary>
    public bool HasCredentials => _layout.HostStart > _layout.UsernameEnd;

    /// <summary>
    /// Whether what was parsed differs from a valid URL string, in a way that the standard repairs: spaces, backslashes, tabs
    /// and line ends, missing slashes, characters that ask for percent-encoding, credentials, a host that is no valid domain.
    /// </summary>
    public bool HasValidationError => _layout.HasValidationError;

    /// <summary>The serialized origin; <c>null</c>, the word, where it has none of its own.</summary>
    public string Origin => _layout.Kind switch
    {
        SchemeKind.File => "null",
        SchemeKind.Other when Scheme == "blob" && TryParse(PathSpan, out var inner) && inner.Scheme is "http" or "https" => inner.Origin,
        SchemeKind.Other => "null",
        _ => $"{Scheme}://{Href.AsSpan(_layout.HostStart, _layout.AuthorityEnd - _layout.HostStart)}",
    };

    internal ref readonly UrlLayout Layout => ref _layout;

    internal bool HasHost => _layout.HasHost;

    internal ReadOnlySpan<char> HostSpan => Href.AsSpan(_layout.HostStart.._layout.HostEnd);

    internal ReadOnlySpan<char> PathSpan => Href.AsSpan(_layout.PathStart..PathEnd);

    /// <summary>With its question mark; empty where there is none.</summary>
    internal ReadOnlySpan<char> QuerySpan => Href.AsSpan(PathEnd..QueryEnd);

    private int PathEnd => _layout.QueryStart >= 0 ? _layout.QueryStart : QueryEnd;

    private int QueryEnd => _layout.FragmentStart >= 0 ? _layout.FragmentStart : Href.Length;

    /// <summary>Parses an absolute URL; false where the standard says failure, or the text is too long.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out WebUrl? url) => TryParse(text, null, out url);

    /// <summary>Parses a URL that may be relative to another.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, WebUrl? baseUrl, [NotNullWhen(true)] out WebUrl? url)
    {
        url = text.Length <= MaxLength ? UrlParser.Parse(text, baseUrl) : null;
        return url is not null;
    }

    public override string ToString() => Href;
}
