using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>Something that has happened, to be told to whoever reads a topic.</summary>
/// <param name="Topic">Where: a topic that is there by the time it is relayed.</param>
/// <param name="Key">By which it finds its partition and keeps its order; null for no order.</param>
/// <param name="Value">What it says; null says that its key is gone.</param>
/// <remarks>Key, value and headers together have up to <see cref="Outbox.MaxEventLength"/> bytes.</remarks>
public sealed record OutboxEvent(string Topic, byte[]? Key, byte[]? Value)
{
    /// <summary>By which consumers know that they have had it: 1 to 255 characters, by default a new one.</summary>
    public string Id { get; init; } = Guid.CreateVersion7().ToString("n");

    /// <summary>What goes with it; names as in <see cref="EventHeaders"/> are not allowed.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];
}

/// <summary>How an outbox stands.</summary>
/// <param name="Waiting">Committed and not relayed yet.</param>
/// <param name="Dead">Given up.</param>
/// <param name="OldestAge">How long the longest-waiting one has waited; zero where none does.</param>
public sealed record OutboxBacklog(long Waiting, long Dead, TimeSpan OldestAge);
