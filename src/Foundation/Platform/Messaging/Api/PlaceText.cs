using System.Globalization;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>A place in a partition as people write it: <c>earliest</c>, <c>latest</c>, an offset, or a time as RFC 3339 has it. Pure.</summary>
internal static class PlaceText
{
    /// <summary>How it must be, as the end of a sentence.</summary>
    public const string Form = "earliest, latest, an offset, or a time such as 2026-11-30T08:00:00Z";

    public static bool TryRead(string text, out ReadStart place)
    {
        place = default;
        switch (text)
        {
            case "earliest":
                return true;
            case "latest":
                place = ReadStart.Latest;
                return true;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            place = ReadStart.At(offset);
        else if (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            place = ReadStart.Since(time);
        else
            return false;
        return true;
    }
}
