using System.Globalization;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Topics;

/// <summary>The kinds of a setting's value, by Kafka's numbers.</summary>
internal enum SettingKind : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>One thing that can be set of a topic: its name in Kafka, its default and what it takes.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">Its value where none is set.</param>
/// <param name="About">What it does.</param>
/// <param name="Range">What it takes.</param>
/// <param name="Hint">What to know of it where a value is refused.</param>
internal sealed record TopicSetting(string Name, SettingKind Kind, string Default, string About, TopicSettingRange Range, string Hint)
{
    /// <summary>A whole number.</summary>
    public static TopicSetting Number(string name, SettingKind kind, long defaultValue, long min, long max, string about) =>
        new(name, kind, defaultValue.ToString(CultureInfo.InvariantCulture), about, new([], min, max, Unit(name)), "");

    /// <summary>One of some words.</summary>
    public static TopicSetting Word(string name, SettingKind kind, string defaultValue, string[] words, string about, string hint = "") =>
        new(name, kind, defaultValue, about, new(words, 0, 0, null), hint);

    /// <summary>What is wrong with a value; null where nothing is.</summary>
    public string? Fault(string value)
    {
        if (Range.Words.Count > 0)
            return Range.Words.Contains(value) ? null : $"{Name} is {string.Join(" or ", Range.Words)}, not '{value}'.{Hint}";
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Range.Min && number <= Range.Max
            ? null
            : $"{Name} is a whole number from {Range.Min} to {Range.Max}, not '{value}'.";
    }

    // Kafka's names end in what they count.
    private static string? Unit(string name) => name.Split('.')[^1] is var unit and ("ms" or "bytes") ? unit : null;
}
