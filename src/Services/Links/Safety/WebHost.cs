namespace Groundwork.Links;

/// <summary>The hosts of addresses, in the one form in which they are compared: ASCII, lower case, without a dot at the end.</summary>
internal static class WebHost
{
    /// <summary>The host and port to which an address leads that <see cref="LongUrl"/> has let pass.</summary>
    public static (string Host, int Port) Of(string longUrl)
    {
        var uri = new Uri(longUrl);
        return (uri.IdnHost.TrimEnd('.').ToLowerInvariant(), uri.Port);
    }

    /// <summary>Reads a host that stands alone.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(string text, out string host)
    {
        host = "";
        if (!Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || (text.Contains(':', StringComparison.Ordinal) && !text.EndsWith(']')))
            return false;
        host = uri.IdnHost.TrimEnd('.').ToLowerInvariant();
        return host.Length > 0;
    }
}
