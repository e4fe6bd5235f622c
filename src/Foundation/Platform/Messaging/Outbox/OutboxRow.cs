using System.Data.Common;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>An event as it was read to be relayed.</summary>
/// <param name="DistributionKey">That of the transaction that added it.</param>
/// <param name="Sequence">Its place among those of its distribution key.</param>
/// <param name="Lane">What keeps its order: the same for all of its topic and record's key; null for none.</param>
/// <param name="Topic">Where it goes.</param>
/// <param name="Attempts">How often it was refused.</param>
/// <param name="Record">What is appended.</param>
internal sealed record OutboxRow(string DistributionKey, long Sequence, long? Lane, string Topic, int Attempts, OutgoingRecord Record)
{
    /// <summary>Reads a row of <see cref="OutboxSql.Pick"/>.</summary>
    public static OutboxRow Read(DbDataReader reader)
    {
        var headers = HeaderBytes.Read(reader.GetFieldValue<byte[]>(7));
        headers.Add(EventHeaders.Of(EventHeaders.Id, reader.GetString(2)));
        if (reader.GetInt64(10) > 0)
            headers.Add(EventHeaders.Of(EventHeaders.Replay, EventHeaders.OutboxReplay));
        if (!reader.IsDBNull(11))
            headers.Add(EventHeaders.Of(EventHeaders.Missing, reader.GetString(11)));
        return new OutboxRow(
            reader.GetString(0),
            reader.GetInt64(1),
            reader.IsDBNull(3) ? null : reader.GetInt64(3),
            reader.GetString(4),
            (int)reader.GetInt64(9),
            new OutgoingRecord(Bytes(reader, 5), Bytes(reader, 6), headers, DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(8))));
    }

    /// <summary>Bytes, or none.</summary>
    public static ReadOnlyMemory<byte>? Bytes(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? default(ReadOnlyMemory<byte>?) : reader.GetFieldValue<byte[]>(column);
}
