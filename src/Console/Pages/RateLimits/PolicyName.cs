using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>Names of policies, as addresses have them. Pure.</summary>
internal static class PolicyName
{
    private const int MaxLength = 32;

    /// <summary>Whether a text may be the name of a policy, there or not.</summary>
    public static bool Is(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>The page of a policy.</summary>
    public static string AddressOf(string name) => $"/_/limits/{Uri.EscapeDataString(name)}";

    /// <summary>The page of one of its keys.</summary>
    public static string AddressOf(string name, string key) => QueryHelpers.AddQueryString($"{AddressOf(name)}/key", "key", key);
}
