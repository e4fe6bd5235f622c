namespace Groundwork.Primitives.Urls;

/// <summary>Drive letters, to which the standard gives a place of their own in <c>file:</c> URLs on every system.</summary>
internal static class WindowsDrive
{
    /// <summary>A letter and a colon or a bar.</summary>
    public static bool Is(ReadOnlySpan<char> text) => text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] is ':' or '|';

    /// <summary>A letter and a colon.</summary>
    public static bool IsNormalized(ReadOnlySpan<char> text) => Is(text) && text[1] == ':';

    /// <summary>Whether the first segment is one.</summary>
    public static bool Starts(ReadOnlySpan<char> text) =>
        text.Length >= 2 && Is(text[..2]) && (text.Length == 2 || text[2] is '/' or '\\' or '?' or '#');
}
