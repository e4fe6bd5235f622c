
namespace Groundwork.Primitives.Urls;

/// <summary>User, password, host and port: what stands between two slashes and the path.</summary>
internal static class AuthorityParser
{
    /// <param name="text">Up to, and without, what ends an authority.</param>
    public static bool TryWrite(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        WriteStart(ref draft);
        var at = text.LastIndexOf('@');
        if (at >= 0)
        {
            draft.Report();
            WriteCredentials(ref draft, text[..at]);
            text = text[(at + 1)..];
            if (text.IsEmpty)
                return false;
        }

        var colon = PortColon(text);
        var host = colon < 0 ? text : text[..colon];
        if (host.IsEmpty && (draft.IsSpecial || colon >= 0))
            return false;
        return TryWriteHost(ref draft, host) && (colon < 0 || TryWritePort(ref draft, text[(colon + 1)..]));
    }

    /// <summary>Writes the slashes and the host.</summary>
    public static bool TryWriteHost(ref UrlDraft draft, ReadOnlySpan<char> host)
    {
        if (!draft.Layout.HasHost)
            WriteStart(ref draft);
        if (!host.IsEmpty && !HostParser.TryWrite(ref draft, host))
            return false;
        draft.Layout.HostEnd = draft.Layout.AuthorityEnd = draft.Layout.PathStart = draft.Length;
        return true;
    }

    private static void WriteStart(ref UrlDraft draft)
    {
        draft.Append("//");
        draft.Layout.HasHost = true;
        draft.Layout.UsernameEnd = draft.Layout.HostStart = draft.Length;
    }

    private static void WriteCredentials(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        var username = colon < 0 ? text : text[..colon];
        var password = colon < 0 ? [] : text[(colon + 1)..];
        if (username.IsEmpty && password.IsEmpty)
            return;

        draft.AppendEncoded(username, PercentEncodeSet.Userinfo, validate: false);
        draft.Layout.UsernameEnd = draft.Length;
        if (!password.IsEmpty)
        {
            draft.Append(':');
            draft.AppendEncoded(password, PercentEncodeSet.Userinfo, validate: false);
        }

        draft.Append('@');
        draft.Layout.HostStart = draft.Length;
    }

    /// <summary>The first colon outside brackets, or -1.</summary>
    private static int PortColon(ReadOnlySpan<char> text)
    {
        var inBrackets = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && !inBrackets)
                return i;
            inBrackets = text[i] == '[' || (inBrackets && text[i] != ']');
        }

        return -1;
    }

    private static bool TryWritePort(ref UrlDraft draft, ReadOnlySpan<char> digits)
    {
        var port = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            port = (port * 10) + (c - '0');
            if (port > ushort.MaxValue)
                return false;
        }

        if (digits.IsEmpty || port == draft.Layout.Kind.DefaultPort())
            return true;
        draft.Append(':');
        draft.Append(port);
        draft.Layout.Port = port;
        draft.Layout.AuthorityEnd = draft.Layout.PathStart = draft.Length;
        return true;
    }
}
