// Made from Schema/AddPartitionsToTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether it may, partition by partition.</summary>
internal sealed class AddPartitionsToTxnResponse : IResponse, IReadable<AddPartitionsToTxnResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public List<AddPartitionsToTxnResult> ResultsByTransaction { get; set; } = [];

    public List<AddPartitionsToTxnTopicResult> ResultsByTopicV3AndBelow { get; set; } = [];

    public ApiKey Api => ApiKey.AddPartitionsToTxn;

    public static AddPartitionsToTxnResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new AddPartitionsToTxnResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        if (version >= 4)
            read.ErrorCode = reader.ReadError();
        if (version >= 4)
            reader.ReadArray(read.ResultsByTransaction, version, flexible: true, leastBytes: 3);
        if (version <= 3)
            reader.ReadArray(read.ResultsByTopicV3AndBelow, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteInt32(ThrottleTimeMs);
        if (version >= 4)
            writer.WriteError(ErrorCode);
        if (version >= 4)
            writer.WriteArray(ResultsByTransaction, version, flexible: true);
        else if (ResultsByTransaction.Count > 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnResponse.ResultsByTransaction", version);
        if (version <= 3)
            writer.WriteArray(ResultsByTopicV3AndBelow, version, flexible);
        else if (ResultsByTopicV3AndBelow.Count > 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnResponse.ResultsByTopicV3AndBelow", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class AddPartitionsToTxnResult : IMessage, IReadable<AddPartitionsToTxnResult>
    {
        public string TransactionalId { get; set; } = "";

        public List<AddPartitionsToTxnTopicResult> TopicResults { get; set; } = [];

        public static AddPartitionsToTxnResult Read(ref ProtocolReader reader, short version)
        {
            var read = new AddPartitionsToTxnResult();
            read.TransactionalId = reader.ReadString(flexible: true);
            reader.ReadArray(read.TopicResults, version, flexible: true, leastBytes: 3);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(TransactionalId, flexible: true);
            writer.WriteArray(TopicResults, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AddPartitionsToTxnTopicResult : IMessage, IReadable<AddPartitionsToTxnTopicResult>
    {
        public string Name { get; set; } = "";

        public List<AddPartitionsToTxnPartitionResult> ResultsByPartition { get; set; } = [];

        public static AddPartitionsToTxnTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new AddPartitionsToTxnTopicResult();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.ResultsByPartition, version, flexible, leastBytes: 6);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteString(Name, flexible);
            writer.WriteArray(ResultsByPartition, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AddPartitionsToTxnPartitionResult : IMessage, IReadable<AddPartitionsToTxnPartitionResult>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode PartitionErrorCode { get; set; }

        public static AddPartitionsToTxnPartitionResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new AddPartitionsToTxnPartitionResult();
            read.PartitionIndex = reader.ReadInt32();
            read.PartitionErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(PartitionErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
