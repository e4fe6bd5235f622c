// Made from Schema/OffsetCommit.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether it was kept, partition by partition.</summary>
internal sealed class OffsetCommitResponse : IResponse, IReadable<OffsetCommitResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<OffsetCommitResponseTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetCommit;

    public static OffsetCommitResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 8;
        var read = new OffsetCommitResponse();
        if (version >= 3)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 8;
        if (version >= 3)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetCommitResponseTopic : IMessage, IReadable<OffsetCommitResponseTopic>
    {
        public string Name { get; set; } = "";

        public List<OffsetCommitResponsePartition> Partitions { get; set; } = [];

        public static OffsetCommitResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 8;
            var read = new OffsetCommitResponseTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 6);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetCommitResponsePartition : IMessage, IReadable<OffsetCommitResponsePartition>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public static OffsetCommitResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 8;
            var read = new OffsetCommitResponsePartition();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
