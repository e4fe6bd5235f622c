// Made from Schema/TxnOffsetCommit.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Keeps how far a group has read, once the transaction commits.</summary>
internal sealed class TxnOffsetCommitRequest : IRequest<TxnOffsetCommitResponse>, IReadable<TxnOffsetCommitRequest>
{
    public string TransactionalId { get; set; } = "";

    public string GroupId { get; set; } = "";

    public long ProducerId { get; set; }

    public short ProducerEpoch { get; set; }

    public int GenerationId { get; set; } = -1;

    public string MemberId { get; set; } = "";

    public string? GroupInstanceId { get; set; }

    public List<TxnOffsetCommitRequestTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.TxnOffsetCommit;

    public static TxnOffsetCommitRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new TxnOffsetCommitRequest();
        read.TransactionalId = reader.ReadString(flexible);
        read.GroupId = reader.ReadString(flexible);
        read.ProducerId = reader.ReadInt64();
        read.ProducerEpoch = reader.ReadInt16();
        if (version >= 3)
            read.GenerationId = reader.ReadInt32();
        if (version >= 3)
            read.MemberId = reader.ReadString(flexible: true);
        if (version >= 3)
            read.GroupInstanceId = reader.ReadNullableString(flexible: true);
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteString(TransactionalId, flexible);
        writer.WriteString(GroupId, flexible);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        if (version >= 3)
            writer.WriteInt32(GenerationId);
        else if (GenerationId != -1)
            throw ProtocolWriter.NotInVersion("TxnOffsetCommitRequest.GenerationId", version);
        if (version >= 3)
            writer.WriteString(MemberId, flexible: true);
        else if (MemberId.Length > 0)
            throw ProtocolWriter.NotInVersion("TxnOffsetCommitRequest.MemberId", version);
        if (version >= 3)
            writer.WriteNullableString(GroupInstanceId, flexible: true);
        else if (GroupInstanceId is not null)
            throw ProtocolWriter.NotInVersion("TxnOffsetCommitRequest.GroupInstanceId", version);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class TxnOffsetCommitRequestTopic : IMessage, IReadable<TxnOffsetCommitRequestTopic>
    {
        public string Name { get; set; } = "";

        public List<TxnOffsetCommitRequestPartition> Partitions { get; set; } = [];

        public static TxnOffsetCommitRequestTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new TxnOffsetCommitRequestTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 14);
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

    internal sealed class TxnOffsetCommitRequestPartition : IMessage, IReadable<TxnOffsetCommitRequestPartition>
    {
        public int PartitionIndex { get; set; }

        public long CommittedOffset { get; set; }

        public int CommittedLeaderEpoch { get; set; } = -1;

        public string? CommittedMetadata { get; set; } = "";

        public static TxnOffsetCommitRequestPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new TxnOffsetCommitRequestPartition();
            read.PartitionIndex = reader.ReadInt32();
            read.CommittedOffset = reader.ReadInt64();
            if (version >= 2)
                read.CommittedLeaderEpoch = reader.ReadInt32();
            read.CommittedMetadata = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(CommittedOffset);
            if (version >= 2)
                writer.WriteInt32(CommittedLeaderEpoch);
            writer.WriteNullableString(CommittedMetadata, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
