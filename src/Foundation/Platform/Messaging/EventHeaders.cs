using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>The headers that events carry through topics. Names and values are UTF-8.</summary>
public static class EventHeaders
{
    /// <summary>Which event it is, by whose name it takes effect once: the same in every copy of it.</summary>
    public const string Id = "event-id";

    /// <summary>An earlier event of the same key that is not in the topic, because its outbox has given it up: its id. Stands in every later one while that letter lies there.</summary>
    public const string Missing = "event-missing";

    /// <summary>It is a replay: for which group, or <see cref="OutboxReplay"/>.</summary>
    public const string Replay = "event-replay";

    /// <summary>Of a dead letter: the topic that the record came from.</summary>
    public const string LetterTopic = "dead-letter-topic";

    /// <summary>Of a dead letter: the record's partition there.</summary>
    public const string LetterPartition = "dead-letter-partition";

    /// <summary>Of a dead letter: the record's offset there.</summary>
    public const string LetterOffset = "dead-letter-offset";

    /// <summary>Of a dead letter: the group that has given the record up.</summary>
    public const string LetterGroup = "dead-letter-group";

    /// <summary>Of a dead letter: how often the group tried.</summary>
    public const string LetterAttempts = "dead-letter-attempts";

    /// <summary>Of a dead letter: what the last try said.</summary>
    public const string LetterReason = "dead-letter-reason";

    /// <summary>Of a dead letter: when it was given up, RFC 3339.</summary>
    public const string LetterTime = "dead-letter-time";

    /// <summary>Of a note in a topic of dead letters: which letter, by its offset there, is settled.</summary>
    public const string Settled = "dead-letter-settled";

    /// <summary>The value of <see cref="Replay"/> in what an outbox has given up once, and was told to send after all.</summary>
    public const string OutboxReplay = "outbox";

    private const int MaxIdLength = 255;

    /// <summary>The id of a record: its header's, or its place where it has none.</summary>
    /// <remarks>At most 255 characters: a longer one is known by its SHA-256.</remarks>
    public static string IdOf(in IncomingRecord record)
    {
        var id = Find(record.Headers, Id);
        if (string.IsNullOrEmpty(id))
            id = string.Create(CultureInfo.InvariantCulture, $"{record.Topic}/{record.Partition}/{record.Offset}");
        return id.Length <= MaxIdLength ? id : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
    }

    /// <summary>The first header of a name; null where there is none, or it has no value.</summary>
    public static string? Find(IReadOnlyList<RecordHeader> headers, string name)
    {
        ArgumentNullException.ThrowIfNull(headers);
        foreach (var header in headers)
        {
            if (header.Name == name)
                return header.Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;
        }

        return null;
    }

    /// <summary>A header of a text.</summary>
    internal static RecordHeader Of(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    /// <inheritdoc cref="Of(string, string)"/>
    internal static RecordHeader Of(string name, long value) => Of(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a header says how an event travels, and not what it says: those are set here only.</summary>
    internal static bool IsOwn(string name) => name is Id or Missing or Replay || name.StartsWith("dead-letter-", StringComparison.Ordinal);
}
