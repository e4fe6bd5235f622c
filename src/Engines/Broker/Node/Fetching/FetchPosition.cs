namespace Groundwork.Broker.Node.Fetching;

/// <summary>A partition that somebody reads, and from where.</summary>
/// <param name="TopicId">The topic's id; empty where it is named.</param>
/// <param name="Topic">The topic's name; empty where its id is given.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="Offset">The next offset that is wanted.</param>
/// <param name="MaxBytes">How much at once, at most.</param>
/// <param name="LeaderEpoch">The leader's epoch that the reader knows; -1 where it knows none.</param>
/// <param name="LastEpoch">That of the last record that it read; -1 where it knows none.</param>
internal sealed record FetchPosition(Guid TopicId, string Topic, int Partition, long Offset, int MaxBytes, int LeaderEpoch, int LastEpoch)
{
    /// <summary>By what it is known in a session.</summary>
    public (Guid Id, string Topic, int Partition) Key => (TopicId, Topic, Partition);

    /// <summary>The high watermark and the log's start that the reader was last told.</summary>
    public (long HighWatermark, long Start) Answered { get; set; } = (-1, -1);
}
