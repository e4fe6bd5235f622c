namespace Groundwork.Console.Pages.Cache;

/// <summary>Names of spaces, as addresses have them. Pure.</summary>
internal static class SpaceName
{
    /// <summary>What clients reach by Redis' protocol without choosing a space.</summary>
    public const string Clients = "clients";

    private const int MaxLength = 32;

    /// <summary>Whether a text may be the name of a space, there or not.</summary>
    public static bool Is(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>What people call it.</summary>
    public static string TitleOf(string name) => name == Clients ? "What clients keep" : $"Space {name}";

    public static string AddressOf(string name) => $"/_/cache/{name}";
}
