// Made from Schema/DeleteRecords.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Removes what lies before an offset.</summary>
internal sealed class DeleteRecordsRequest : IRequest<DeleteRecordsResponse>, IReadable<DeleteRecordsRequest>
{
    public List<DeleteRecordsTopic> Topics { get; set; } = [];

    public int TimeoutMs { get; set; }

    public ApiKey Api => ApiKey.DeleteRecords;

    public static DeleteRecordsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DeleteRecordsRequest();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        read.TimeoutMs = reader.ReadInt32();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteArray(Topics, version, flexible);
        writer.WriteInt32(TimeoutMs);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DeleteRecordsTopic : IMessage, IReadable<DeleteRecordsTopic>
    {
        public string Name { get; set; } = "";

        public List<DeleteRecordsPartition> Partitions { get; set; } = [];

        public static DeleteRecordsTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DeleteRecordsTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 12);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DeleteRecordsPartition : IMessage, IReadable<DeleteRecordsPartition>
    {
        public int PartitionIndex { get; set; }

        /// <summary>-1 for all that may be read.</summary>
        public long Offset { get; set; }

        public static DeleteRecordsPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DeleteRecordsPartition();
            read.PartitionIndex = reader.ReadInt32();
            read.Offset = reader.ReadInt64();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(Offset);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
