namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>Something that can be set of a topic, and what holds for this one.</summary>
/// <param name="Name">Its name in Kafka.</param>
/// <param name="Value">What holds: what is set, or the default.</param>
/// <param name="Default">What holds where nothing is set.</param>
/// <param name="IsSet">Whether it was set.</param>
/// <param name="Range">What it takes.</param>
/// <param name="About">What it does, in a sentence.</param>
public sealed record TopicSettingState(string Name, string Value, string Default, bool IsSet, TopicSettingRange Range, string About);

/// <summary>What a setting of a topic takes: one of some words, or a whole number.</summary>
/// <param name="Words">The words; empty where it takes a number.</param>
/// <param name="Min">The least number.</param>
/// <param name="Max">The greatest number.</param>
/// <param name="Unit">What the number counts: <c>ms</c> or <c>bytes</c>; null where it counts neither.</param>
public sealed record TopicSettingRange(IReadOnlyList<string> Words, long Min, long Max, string? Unit)
{
    /// <summary>Whether there is only one value that it takes.</summary>
    public bool IsFixed => Words.Count > 0 ? Words.Count == 1 : Min == Max;
}
