using System.Globalization;
using Groundwork.Console.Design;

namespace Groundwork.Console.Pages.Broker;

/// <summary>What the API says in numbers, in words. Pure.</summary>
internal static class BrokerWords
{
    /// <summary>How long until retention takes what somebody wants.</summary>
    public static string Left(double? seconds) => seconds switch
    {
        null => "",
        < 0 => "some are gone",
        var left => $"{Format.Duration(TimeSpan.FromSeconds(left.Value))} left",
    };

    /// <summary>Whether that is a trouble: gone, or less than an hour.</summary>
    public static bool IsShort(double? seconds) => seconds < 3600;

    /// <summary>What a move of an offset means.</summary>
    public static string Of(ShownMove move) => move.Records switch
    {
        null => "nothing was committed",
        0 => "stays",
        < 0 and var again => $"{Format.Count(-again)} come again",
        var over => $"{Format.Count(over.Value)} are passed over",
    };

    /// <summary>What is set of a topic, in a line.</summary>
    public static string Of(IReadOnlyDictionary<string, string> settings) => settings.Count == 0 ? "all as by default" : string.Join(", ", settings.Select(s => $"{s.Key} = {s.Value}"));

    /// <summary>What a setting does, and its default where that is a number that says little by itself.</summary>
    public static string Of(ShownSetting setting) => setting.Unit is null || Amount(setting.Default, setting.Unit) is not { } amount
        ? setting.About
        : $"{setting.About} In {(setting.Unit == "ms" ? "milliseconds" : setting.Unit)}; by default {amount}{(setting.IsSet && Amount(setting.Value, setting.Unit) is { } now ? $", now {now}" : "")}.";

    // Below zero is without bound, as is what no clock and no disk will see.
    private static string? Amount(string value, string unit) => !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? null
        : number is < 0 or long.MaxValue ? "without bound"
        : unit == "ms" ? Format.Duration(TimeSpan.FromMilliseconds(Math.Min(number, TimeSpan.MaxValue.TotalMilliseconds / 2)))
        : Format.Bytes(number);

    /// <summary>The state of a group in a chip's tone.</summary>
    public static string Tone(string state) => state switch { "Stable" => "good", "Empty" => "", _ => "warn" };
}
