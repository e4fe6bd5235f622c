using System.Globalization;

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
/// <param name="Fault">What is wrong with a value; null where nothing is.</param>
internal sealed record TopicSetting(string Name, SettingKind Kind, string Default, string About, Func<string, string?> Fault)
{
    /// <summary>A whole number.</summary>
    public static TopicSetting Number(string name, SettingKind kind, long defaultValue, long min, long max, string about) => new(
        name, kind, defaultValue.ToString(CultureInfo.InvariantCulture), about,
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? null
            : $"{name} is a whole number from {min} to {max}, not '{text}'.");

    /// <summary>One of some words.</summary>
    public static TopicSetting Word(string name, SettingKind kind, string defaultValue, string[] words, string about, string? hint = null) => new(
        name, kind, defaultValue, about,
        text => words.Contains(text, StringComparer.Ordinal) ? null : $"{name} is {string.Join(" or ", words)}, not '{text}'.{hint}");
}
