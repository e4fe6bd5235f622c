using System.Globalization;

namespace Groundwork.Console.Pages.Broker;

/// <summary>A time as a browser's field has it, or as people write it. Pure.</summary>
internal static class TypedTime
{
    // Of 2026-11-30: what has none is no time, whatever else may be read from it.
    private const int DateLength = 10;

    /// <summary>As the API takes it: in UTC, which it is where nothing else is said, with its milliseconds; null where it is no time.</summary>
    public static string? InUtc(string text) =>
        text.Length >= DateLength && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)
            : null;
}
