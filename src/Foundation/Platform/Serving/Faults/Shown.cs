using System.Text;

namespace Groundwork.Platform.Serving;

/// <summary>Repeats a caller's own words to them: never long, never with control characters.</summary>
internal static class Shown
{
    private const int Longest = 64;

    /// <summary>The text as far as it can be shown.</summary>
    public static string Text(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, Longest + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest)
                return shown.Append('…').ToString();
            shown.Append(Rune.IsControl(rune) ? "�" : rune.ToString());
        }

        return shown.ToString();
    }
}
