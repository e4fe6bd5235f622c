// Made from Schema/TxnOffsetCommit.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether it was kept, partition by partition.</summary>
internal sealed class TxnOffsetCommitResponse : IResponse, IReadable<TxnOffsetCommitResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<TxnOffsetCommitResponseTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.TxnOffsetCommit;

    public static TxnOffsetCommitResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new TxnOffsetCommitResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class TxnOffsetCommitResponseTopic : IMessage, IReadable<TxnOffsetCommitResponseTopic>
    {
        public string Name { get; set; } = "";

        public List<TxnOffsetCommitResponsePartition> Partitions { get; set; } = [];

        public static TxnOffsetCommitResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new TxnOffsetCommitResponseTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 6);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class TxnOffsetCommitResponsePartition : IMessage, IReadable<TxnOffsetCommitResponsePartition>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public static TxnOffsetCommitResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new TxnOffsetCommitResponsePartition();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
