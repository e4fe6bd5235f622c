// Made from Schema/Produce.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Appends batches to partitions.</summary>
internal sealed class ProduceRequest : IRequest<ProduceResponse>, IReadable<ProduceRequest>
{
    public string? TransactionalId { get; set; }

    /// <summary>0: none; 1: after the leader has it; -1: after all in sync have it.</summary>
    public short Acks { get; set; }

    /// <summary>How long to wait for those in sync.</summary>
    public int TimeoutMs { get; set; }

    public List<TopicProduceData> TopicData { get; set; } = [];

    public ApiKey Api => ApiKey.Produce;

    public static ProduceRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 9;
        var read = new ProduceRequest();
        if (version >= 3)
            read.TransactionalId = reader.ReadNullableString(flexible);
        read.Acks = reader.ReadInt16();
        read.TimeoutMs = reader.ReadInt32();
        reader.ReadArray(read.TopicData, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 9;
        if (version >= 3)
            writer.WriteNullableString(TransactionalId, flexible);
        else if (TransactionalId is not null)
            throw ProtocolWriter.NotInVersion("ProduceRequest.TransactionalId", version);
        writer.WriteInt16(Acks);
        writer.WriteInt32(TimeoutMs);
        writer.WriteArray(TopicData, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class TopicProduceData : IMessage, IReadable<TopicProduceData>
    {
        public string Name { get; set; } = "";

        public List<PartitionProduceData> PartitionData { get; set; } = [];

        public static TopicProduceData Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new TopicProduceData();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.PartitionData, version, flexible, leastBytes: 6);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteString(Name, flexible);
            writer.WriteArray(PartitionData, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class PartitionProduceData : IMessage, IReadable<PartitionProduceData>
    {
        public int Index { get; set; }

        public RecordBytes Records { get; set; }

        public static PartitionProduceData Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new PartitionProduceData();
            read.Index = reader.ReadInt32();
            read.Records = reader.ReadRecords(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteInt32(Index);
            writer.WriteRecords(Records, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
