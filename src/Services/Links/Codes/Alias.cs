using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;

namespace Groundwork.Links;

/// <summary>A code that somebody chooses: 3 to 64 of <c>0-9A-Za-z_-</c>, case-sensitive.</summary>
internal static class Alias
{
    public const int MinLength = 3;

    public const int MaxLength = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-");

    /// <summary>Whether a text has the form of an alias.</summary>
    public static bool HasForm(ReadOnlySpan<char> text) =>
        text.Length is >= MinLength and <= MaxLength && !text.ContainsAnyExcept(Characters);

    /// <summary>Whether it may be chosen.</summary>
    /// <param name="text">What the caller sent.</param>
    /// <param name="error">What is wrong with it, and what would be right.</param>
    public static bool TryCheck(string text, [NotNullWhen(false)] out string? error)
    {
        error = text switch
        {
            _ when !HasForm(text) => $"custom_alias must be {MinLength} to {MaxLength} of 0-9, A-Z, a-z, _ and -.",
            _ when ReservedSegments.Contains(text) => $"custom_alias must not be '{text}', which is an address of the server's own; choose another.",
            _ when Obscenities.AreWordsOf(text) => "custom_alias has a word that would offend; choose another.",
            _ => null,
        };
        return error is null;
    }
}
