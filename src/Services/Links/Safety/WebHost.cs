using System.Buffers;
using Groundwork.Primitives.Urls;

namespace Groundwork.Links;

/// <summary>The hosts of addresses, in the one form in which they are compared: as the URL standard writes them, without a dot at the end.</summary>
internal static class WebHost
{
    // What would end the host, or stand before it.
    private static readonly SearchValues<char> Delimiters = SearchValues.Create("/\\?#@:");

    /// <summary>The host of an http or https URL; an IPv6 address in brackets.</summary>
    public static string Of(WebUrl url) => url.Host!.TrimEnd('.');

    /// <summary>The port of an http or https URL.</summary>
    public static int PortOf(WebUrl url) => url.Port ?? (url.Scheme == "https" ? 443 : 80);

    /// <summary>Reads a host that stands alone.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(string text, out string host)
    {
        var isAlone = text.StartsWith('[') ? text.EndsWith(']') : !text.AsSpan().ContainsAny(Delimiters);
        host = isAlone && WebUrl.TryParse($"http://{text}/", out var url) ? Of(url) : "";
        return host.Length > 0;
    }
}
