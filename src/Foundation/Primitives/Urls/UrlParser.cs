namespace Groundwork.Primitives.Urls;

/// <summary>The standard's basic URL parser, without its state override and with UTF-8 as the only encoding.</summary>
/// <remarks>
/// <para>The standard describes a machine that reads one character at a time. Its states run in a fixed order and each ends at
/// characters that can be searched for, so here each is a method that takes what is left and hands on what it did not use:</para>
/// <list type="number">
/// <item>what surrounds and interrupts the text is taken out;</item>
/// <item>the scheme, and by it and the base what may follow;</item>
/// <item>relative to the base: its parts are copied as far as they hold;</item>
/// <item>the authority (<see cref="AuthorityParser"/>);</item>
/// <item>path, query and fragment (<see cref="PathParser"/>).</item>
/// </list>
/// </remarks>
internal static class UrlParser
{
    private const int StackCharacters = 256;

    public static WebUrl? Parse(ReadOnlySpan<char> text, WebUrl? baseUrl)
    {
        var draft = new UrlDraft(stackalloc char[StackCharacters]);
        try
        {
            if (!TryWrite(ref draft, Clean(ref draft, text), baseUrl))
                return null;
            Finish(ref draft);
            return new WebUrl(draft.Written.ToString(), draft.Layout);
        }
        finally
        {
            draft.Dispose();
        }
    }

    // 1. Surroundings.
    private static ReadOnlySpan<char> Clean(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && text[start] <= ' ')
            start++;
        while (end > start && text[end - 1] <= ' ')
            end--;
        draft.ReportIf(end - start < text.Length);
        text = text[start..end];
        if (!text.ContainsAny('\t', '\n', '\r'))
            return text;

        draft.Report();
        var kept = new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (c is not ('\t' or '\n' or '\r'))
                kept[length++] = c;
        }

        return kept.AsSpan(0, length);
    }

    // 2. Scheme.
    private static bool TryWrite(ref UrlDraft draft, ReadOnlySpan<char> text, WebUrl? baseUrl)
    {
        var colon = SchemeLength(text);
        if (colon <= 0)
            return TryWriteWithoutScheme(ref draft, text, baseUrl);

        WriteScheme(ref draft, text[..colon]);
        text = text[(colon + 1)..];
        var slashes = text.StartsWith("//");
        if (draft.Layout.Kind == SchemeKind.File)
        {
            draft.ReportIf(!slashes);
            return FileUrlParser.TryWrite(ref draft, text, baseUrl is { Layout.Kind: SchemeKind.File } ? baseUrl : null);
        }

        if (draft.IsSpecial)
        {
            draft.ReportIf(!slashes);
            return !slashes && baseUrl?.Layout.Kind == draft.Layout.Kind
                ? TryWriteRelative(ref draft, text, baseUrl)
                : TryWriteAfterSlashes(ref draft, slashes ? text[2..] : text);
        }

        if (slashes)
            return TryWriteAuthority(ref draft, text[2..]);
        if (text.StartsWith('/'))
            PathParser.Write(ref draft, text[1..]);
        else
            PathParser.WriteOpaque(ref draft, text);
        return true;
    }

    private static int SchemeLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
            return -1;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == ':')
                return i;
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '-' or '.'))
                return -1;
        }

        return -1;
    }

    private static void WriteScheme(ref UrlDraft draft, ReadOnlySpan<char> scheme)
    {
        draft.AppendLower(scheme);
        draft.Layout.Kind = SchemeKinds.Of(draft.Written);
        draft.Layout.SchemeEnd = draft.Length;
        draft.Append(':');

        // As long as none is written, there is no host.
        ref var layout = ref draft.Layout;
        layout.UsernameEnd = layout.HostStart = layout.HostEnd = layout.AuthorityEnd = layout.PathStart = draft.Length;
    }

    private static bool TryWriteWithoutScheme(ref UrlDraft draft, ReadOnlySpan<char> text, WebUrl? baseUrl)
    {
        if (baseUrl is null)
            return false;
        if (!baseUrl.Layout.HasOpaquePath)
        {
            CopyScheme(ref draft, baseUrl);
            return baseUrl.Layout.Kind == SchemeKind.File
                ? FileUrlParser.TryWrite(ref draft, text, baseUrl)
                : TryWriteRelative(ref draft, text, baseUrl);
        }

        if (!text.StartsWith('#'))
            return false;
        draft.CopyAuthority(baseUrl);
        draft.CopyPath(baseUrl);
        draft.CopyQuery(baseUrl);
        PathParser.WriteFragment(ref draft, text);
        return true;
    }

    // 3. Relative to the base.
    private static bool TryWriteRelative(ref UrlDraft draft, ReadOnlySpan<char> text, WebUrl baseUrl)
    {
        var special = baseUrl.IsSpecial;
        if (PathParser.StartsWithSlash(ref draft, text, special))
        {
            var rest = text[1..];
            if (PathParser.StartsWithSlash(ref draft, rest, special))
                return special ? TryWriteAfterSlashes(ref draft, rest[1..]) : TryWriteAuthority(ref draft, rest[1..]);

            draft.CopyAuthority(baseUrl);
            PathParser.Write(ref draft, rest);
            return true;
        }

        draft.CopyAuthority(baseUrl);
        draft.CopyPath(baseUrl);
        if (text.IsEmpty || text[0] == '#')
            draft.CopyQuery(baseUrl);
        if (text.IsEmpty || text[0] is '?' or '#')
        {
            PathParser.WriteQueryAndFragment(ref draft, text);
            return true;
        }

        PathParser.Shorten(ref draft);
        PathParser.Write(ref draft, text);
        return true;
    }

    private static void CopyScheme(ref UrlDraft draft, WebUrl baseUrl) =>
        WriteScheme(ref draft, baseUrl.Href.AsSpan(0, baseUrl.Layout.SchemeEnd));

    // 4. Authority.
    private static bool TryWriteAfterSlashes(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var authority = text.TrimStart("/\\");
        draft.ReportIf(authority.Length < text.Length);
        return TryWriteAuthority(ref draft, authority);
    }

    private static bool TryWriteAuthority(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var end = draft.IsSpecial ? text.IndexOfAny(@"/\?#") : text.IndexOfAny('/', '?', '#');
        if (end < 0)
            end = text.Length;
        if (!AuthorityParser.TryWrite(ref draft, text[..end]))
            return false;
        PathParser.WriteAfterHost(ref draft, text[end..]);
        return true;
    }

    // 5. A path that begins with two slashes must not look like a host.
    private static void Finish(ref UrlDraft draft)
    {
        ref var layout = ref draft.Layout;
        if (layout.HasHost || layout.HasOpaquePath || !draft.Path.StartsWith("//"))
            return;
        draft.Insert(layout.PathStart, "/.");
        layout.PathStart += 2;
        layout.QueryStart += layout.QueryStart < 0 ? 0 : 2;
        layout.FragmentStart += layout.FragmentStart < 0 ? 0 : 2;
    }
}
