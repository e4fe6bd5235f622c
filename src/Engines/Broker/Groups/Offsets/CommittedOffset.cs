namespace Groundwork.Broker.Groups.Offsets;

/// <summary>How far a group has read a partition, as it said.</summary>
/// <param name="Offset">The next record to read.</param>
/// <param name="LeaderEpoch">The leader epoch of the last record that was read; -1 where it was not told.</param>
/// <param name="Metadata">Text of the client's own.</param>
/// <param name="CommittedAtUnixMs">When, in Unix milliseconds.</param>
/// <param name="ExpiresAtUnixMs">When it may be forgotten, by the client's will, in Unix milliseconds; -1: by the broker's
/// retention.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAtUnixMs, long ExpiresAtUnixMs = -1)
{
    /// <summary>Whether its retention is over.</summary>
    /// <param name="sinceUnixMs">From when it counts; null: from the commit.</param>
    /// <param name="retentionMs">How long it is kept.</param>
    /// <param name="nowUnixMs">The time.</param>
    public bool IsExpired(long? sinceUnixMs, long retentionMs, long nowUnixMs) =>
        ExpiresAtUnixMs >= 0 ? nowUnixMs >= ExpiresAtUnixMs : nowUnixMs - (sinceUnixMs ?? CommittedAtUnixMs) >= retentionMs;
}
