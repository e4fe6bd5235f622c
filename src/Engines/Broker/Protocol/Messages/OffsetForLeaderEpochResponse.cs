// Made from Schema/OffsetForLeaderEpoch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The end of the epoch, or of the last one before it.</summary>
internal sealed class OffsetForLeaderEpochResponse : IResponse, IReadable<OffsetForLeaderEpochResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<OffsetForLeaderTopicResult> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetForLeaderEpoch;

    public static OffsetForLeaderEpochResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new OffsetForLeaderEpochResponse();
        if (version >= 2)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 2)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetForLeaderTopicResult : IMessage, IReadable<OffsetForLeaderTopicResult>
    {
        public string Topic { get; set; } = "";

        public List<EpochEndOffset> Partitions { get; set; } = [];

        public static OffsetForLeaderTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new OffsetForLeaderTopicResult();
            read.Topic = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 14);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(Topic, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class EpochEndOffset : IMessage, IReadable<EpochEndOffset>
    {
        public ErrorCode ErrorCode { get; set; }

        public int Partition { get; set; }

        public int LeaderEpoch { get; set; } = -1;

        public long EndOffset { get; set; } = -1;

        public static EpochEndOffset Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new EpochEndOffset();
            read.ErrorCode = reader.ReadError();
            read.Partition = reader.ReadInt32();
            if (version >= 1)
                read.LeaderEpoch = reader.ReadInt32();
            read.EndOffset = reader.ReadInt64();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteError(ErrorCode);
            writer.WriteInt32(Partition);
            if (version >= 1)
                writer.WriteInt32(LeaderEpoch);
            writer.WriteInt64(EndOffset);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
