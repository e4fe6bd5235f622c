using System.Buffers;

namespace Groundwork.Broker.Topics;

/// <summary>What a topic may be called, which is also the name of its folder: Kafka's rule.</summary>
internal static class TopicName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 249;

    /// <summary>Where consumer groups keep their state.</summary>
    public const string Offsets = "__consumer_offsets";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>What is wrong with a name; null where nothing is.</summary>
    public static string? Fault(string name) => name switch
    {
        "" => "A topic's name is not empty.",
        "." or ".." => "A topic's name is neither '.' nor '..'.",
        { Length: > MaxLength } => $"A topic's name has at most {MaxLength} characters, not {name.Length}.",
        _ => name.AsSpan().ContainsAnyExcept(Allowed) ? $"A topic's name has letters, digits, '.', '_' and '-' only: not '{Shown(name)}'." : null,
    };

    /// <summary>Whether the broker keeps its own things there: clients read it, and do not write to it.</summary>
    public static bool IsInternal(string name) => name == Offsets;

    // A name that is refused may be anything: it is shown without what a terminal would obey.
    private static string Shown(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
