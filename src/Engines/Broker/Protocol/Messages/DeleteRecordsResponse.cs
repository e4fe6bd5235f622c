// Made from Schema/DeleteRecords.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Where each log starts now.</summary>
internal sealed class DeleteRecordsResponse : IResponse, IReadable<DeleteRecordsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DeleteRecordsTopicResult> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.DeleteRecords;

    public static DeleteRecordsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DeleteRecordsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DeleteRecordsTopicResult : IMessage, IReadable<DeleteRecordsTopicResult>
    {
        public string Name { get; set; } = "";

        public List<DeleteRecordsPartitionResult> Partitions { get; set; } = [];

        public static DeleteRecordsTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DeleteRecordsTopicResult();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 14);
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

    internal sealed class DeleteRecordsPartitionResult : IMessage, IReadable<DeleteRecordsPartitionResult>
    {
        public int PartitionIndex { get; set; }

        public long LowWatermark { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public static DeleteRecordsPartitionResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DeleteRecordsPartitionResult();
            read.PartitionIndex = reader.ReadInt32();
            read.LowWatermark = reader.ReadInt64();
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(LowWatermark);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
