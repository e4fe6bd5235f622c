namespace Groundwork.Primitives.Urls;

/// <summary>Path, query and fragment: what follows the authority.</summary>
internal static class PathParser
{
    /// <param name="text">Empty, or begins with what ended the authority.</param>
    public static void WriteAfterHost(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        if (StartsWithSlash(ref draft, text, draft.IsSpecial))
            Write(ref draft, text[1..]);
        else if (draft.IsSpecial)
            Write(ref draft, text);
        else
            WriteQueryAndFragment(ref draft, text);
    }

    /// <summary>Whether a slash comes, or the backslash that a special scheme takes for one.</summary>
    public static bool StartsWithSlash(ref UrlDraft draft, ReadOnlySpan<char> text, bool special)
    {
        if (text.IsEmpty || (text[0] != '/' && !(special && text[0] == '\\')))
            return false;
        draft.ReportIf(text[0] == '\\');
        return true;
    }

    /// <summary>Writes the segments, each with a slash before it, behind those that the path has already.</summary>
    /// <param name="text">Without the leading slash; so there is always one segment at least.</param>
    public static void Write(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('?', '#');
        var path = end < 0 ? text : text[..end];
        while (true)
        {
            var slash = draft.IsSpecial ? path.IndexOfAny('/', '\\') : path.IndexOf('/');
            if (slash < 0)
                break;
            draft.ReportIf(path[slash] == '\\');
            WriteSegment(ref draft, path[..slash], last: false);
            path = path[(slash + 1)..];
        }

        WriteSegment(ref draft, path, last: true);
        WriteQueryAndFragment(ref draft, end < 0 ? [] : text[end..]);
    }

    /// <summary>Writes a path that is no list of segments, as that of <c>mailto:</c>.</summary>
    public static void WriteOpaque(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        draft.Layout.HasOpaquePath = true;
        var end = text.IndexOfAny('?', '#');
        if (end < 0)
        {
            draft.AppendEncoded(text, PercentEncodeSet.Control);
            return;
        }

        // A space before the query would be lost when the URL is parsed again without it.
        var spaced = end > 0 && text[end - 1] == ' ';
        draft.AppendEncoded(spaced ? text[..(end - 1)] : text[..end], PercentEncodeSet.Control);
        draft.ReportIf(spaced);
        draft.Append(spaced ? "%20" : "");
        WriteQueryAndFragment(ref draft, text[end..]);
    }

    /// <param name="text">Empty, or begins with '?' or '#'.</param>
    public static void WriteQueryAndFragment(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        if (text.StartsWith('?'))
        {
            var end = text.IndexOf('#');
            draft.Layout.QueryStart = draft.Length;
            draft.Append('?');
            var set = draft.IsSpecial ? PercentEncodeSet.SpecialQuery : PercentEncodeSet.Query;
            draft.AppendEncoded(end < 0 ? text[1..] : text[1..end], set);
            text = end < 0 ? [] : text[end..];
        }

        WriteFragment(ref draft, text);
    }

    /// <param name="text">Empty, or begins with '#'.</param>
    public static void WriteFragment(ref UrlDraft draft, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        draft.Layout.FragmentStart = draft.Length;
        draft.Append('#');
        draft.AppendEncoded(text[1..], PercentEncodeSet.Fragment);
    }

    /// <summary>Takes the last segment away; the drive letter of a file stays.</summary>
    public static void Shorten(ref UrlDraft draft)
    {
        var path = draft.Path;
        if (path.IsEmpty || (draft.Layout.Kind == SchemeKind.File && path.Length == 3 && WindowsDrive.IsNormalized(path[1..])))
            return;
        draft.Truncate(draft.Layout.PathStart + path.LastIndexOf('/'));
    }

    private static void WriteSegment(ref UrlDraft draft, ReadOnlySpan<char> segment, bool last)
    {
        var dots = Dots(segment);
        if (dots == 2)
            Shorten(ref draft);
        if (dots > 0)
        {
            draft.Append(last ? "/" : "");
            return;
        }

        var first = draft.Path.IsEmpty;
        draft.Append('/');
        if (first && draft.Layout.Kind == SchemeKind.File && WindowsDrive.Is(segment))
        {
            draft.ReportIf(segment[1] == '|');
            draft.Append(segment[0]);
            draft.Append(':');
            return;
        }

        draft.AppendEncoded(segment, PercentEncodeSet.Path);
    }

    /// <summary>1 and 2 for the segments that mean this folder and the one above, however their dots are written; else 0.</summary>
    private static int Dots(ReadOnlySpan<char> segment)
    {
        if (segment.Length is 0 or > 6 || segment[0] is not ('.' or '%'))
            return 0;
        var dots = 0;
        while (!segment.IsEmpty)
        {
            var length = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0 || ++dots > 2)
                return 0;
            segment = segment[length..];
        }

        return dots;
    }
}
