// Made from Schema/OffsetCommitValue.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>A committed offset, in <c>__consumer_offsets</c>.</summary>
internal sealed class OffsetCommitValue : IVersionedData, IReadable<OffsetCommitValue>
{
    public long Offset { get; set; }

    public int LeaderEpoch { get; set; } = -1;

    public string Metadata { get; set; } = "";

    public long CommitTimestamp { get; set; }

    public long ExpireTimestamp { get; set; } = -1;

    public static short OldestVersion => 0;

    public static short NewestVersion => 4;

    public static OffsetCommitValue Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new OffsetCommitValue();
        read.Offset = reader.ReadInt64();
        if (version >= 3)
            read.LeaderEpoch = reader.ReadInt32();
        read.Metadata = reader.ReadString(flexible);
        read.CommitTimestamp = reader.ReadInt64();
        if (version == 1)
            read.ExpireTimestamp = reader.ReadInt64();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteInt64(Offset);
        if (version >= 3)
            writer.WriteInt32(LeaderEpoch);
        writer.WriteString(Metadata, flexible);
        writer.WriteInt64(CommitTimestamp);
        if (version == 1)
            writer.WriteInt64(ExpireTimestamp);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
