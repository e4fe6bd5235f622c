using System.Collections.Immutable;
using System.Text.Json;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Topics;

/// <summary>What is kept of a topic, in a file of its folder: <c>topics/NAME/topic.json</c>. A folder without it is of a topic that was never made whole.</summary>
/// <param name="Id">The topic's id.</param>
/// <param name="Logs">The numbers of its partitions' logs.</param>
/// <param name="Settings">What is set of it.</param>
internal sealed record TopicFile(Guid Id, ImmutableArray<ulong> Logs, ImmutableSortedDictionary<string, string> Settings)
{
    /// <summary>The folder of all topics.</summary>
    public const string Root = "topics";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The folder of a topic.</summary>
    public static string Folder(string name) => $"{Root}/{name}";

    /// <summary>The folder of a partition.</summary>
    public static string Folder(string name, int partition) => $"{Root}/{name}/{partition}";

    /// <summary>Reads that of a topic; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static TopicFile? Read(IDisk disk, string name)
    {
        if (disk.Read(Path(name)) is not { } bytes)
            return null;
        try
        {
            return JsonSerializer.Deserialize<TopicFile>(bytes, Json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path(name)} in the broker's folder cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Replaces it, durably.</summary>
    public void Write(IDisk disk, string name) => disk.Replace(Path(name), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    private static string Path(string name) => $"{Folder(name)}/topic.json";
}
