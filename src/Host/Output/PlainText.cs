namespace Groundwork.Host.Output;

/// <summary>Texts that others have chosen, as a terminal may be given them. Pure.</summary>
internal static class PlainText
{
    /// <summary>The text without what a terminal would obey.</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
