namespace Groundwork.Primitives.Urls;

/// <summary>What follows <c>file:</c>. Its host may be empty, it has neither user nor port, and drive letters are kept apart.</summary>
internal static class FileUrlParser
{
    /// <param name="text">Without the scheme, which is written.</param>
    /// <param name="baseUrl">A file URL, if any.</param>
    public static bool TryWrite(ref UrlDraft draft, ReadOnlySpan<char> text, WebUrl? baseUrl)
    {
        if (PathParser.StartsWithSlash(ref draft, text, special: true))
        {
            text = text[1..];
            if (PathParser.StartsWithSlash(ref draft, text, special: true))
                return TryWriteHost(ref draft, text[1..]);
            WriteBefore(ref draft, baseUrl);
            if (baseUrl is not null && !WindowsDrive.Starts(text) && FirstIsDrive(baseUrl.PathSpan))
                draft.Append(baseUrl.PathSpan[..3]);
            PathParser.Write(ref draft, text);
            return true;
        }

        WriteBefore(ref draft, baseUrl);
        if (baseUrl is null)
        {
            PathParser.Write(ref draft, text);
            return true;
        }

        if (text.IsEmpty || text[0] is '?' or '#')
        {
            draft.CopyPath(baseUrl);
            if (!text.StartsWith('?'))
                draft.CopyQuery(baseUrl);
            PathParser.WriteQueryAndFragment(ref draft, text);
            return true;
        }

        if (WindowsDrive.Starts(text))
        {
            draft.Report();
        }
        else
        {
            draft.CopyPath(baseUrl);
            PathParser.Shorten(ref draft);
        }

        PathParser.Write(ref draft, text);
        return true;
    }

    private static bool TryWriteHost(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(@"/\?#");
        var host = end < 0 ? text : text[..end];
        if (WindowsDrive.Is(host))
        {
            draft.Report();
            AuthorityParser.TryWriteHost(ref draft, []);
            PathParser.Write(ref draft, text);
            return true;
        }

        if (!AuthorityParser.TryWriteHost(ref draft, host))
            return false;
        if (draft.Written[draft.Layout.HostStart..] is "localhost")
        {
            draft.Truncate(draft.Layout.HostStart);
            draft.Layout.HostEnd = draft.Layout.AuthorityEnd = draft.Layout.PathStart = draft.Length;
        }

        PathParser.WriteAfterHost(ref draft, text[host.Length..]);
        return true;
    }

    /// <summary>Writes scheme and host: the base's, or an empty one.</summary>
    private static void WriteBefore(ref UrlDraft draft, WebUrl? baseUrl)
    {
        if (baseUrl is not null)
            draft.CopyAuthority(baseUrl);
        else
            AuthorityParser.TryWriteHost(ref draft, []);
    }

    private static bool FirstIsDrive(ReadOnlySpan<char> path) =>
        path.Length >= 3 && WindowsDrive.IsNormalized(path[1..3]) && (path.Length == 3 || path[3] == '/');
}
