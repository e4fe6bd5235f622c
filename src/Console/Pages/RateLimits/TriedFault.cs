using System.Globalization;
using System.Text.RegularExpressions;
using Groundwork.Console.Api;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>
/// What is wrong with a limit that was tried, at its field: the API names members and limits by number, and who types into a field
/// sees which it is. Pure.
/// </summary>
internal static partial class TriedFault
{
    /// <summary>What to write at a field; null where the refusal is not about it.</summary>
    /// <param name="refused">Why the API did not try them; null where it did.</param>
    /// <param name="number">Which limit, from 1.</param>
    /// <param name="field">Such as <c>permits</c>.</param>
    /// <param name="typed">What it holds.</param>
    public static string? At(Refusal? refused, int number, string field, string typed) => refused switch
    {
        null => null,
        _ when refused.Path == $"limits[{number - 1}].{field}" => IsWhole(typed) ? refused.Detail : "A whole number, such as 100.",
        { Path: "limits" } when field == "period" && !Period().IsMatch(typed) => "A time, such as 1s, 15m or 1d.",
        _ => null,
    };

    /// <summary>Whether it is said at one of the fields.</summary>
    public static bool IsSaid(Refusal refused, IReadOnlyList<TriedLimit> limits) => limits.Select((l, i) => (l, i + 1)).Any(limit =>
        (At(refused, limit.Item2, "permits", limit.l.Permits) ?? At(refused, limit.Item2, "period", limit.l.Period) ?? At(refused, limit.Item2, "burst", limit.l.Burst)) is not null);

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex("^[0-9]+(ms|s|m|h|d)$")]
    private static partial Regex Period();
}
