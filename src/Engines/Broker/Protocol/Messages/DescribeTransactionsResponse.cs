// Made from Schema/DescribeTransactions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The state of each transaction.</summary>
internal sealed class DescribeTransactionsResponse : IResponse, IReadable<DescribeTransactionsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DescribedTransaction> TransactionStates { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeTransactions;

    public static DescribeTransactionsResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeTransactionsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.TransactionStates, version, flexible: true, leastBytes: 28);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(TransactionStates, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribedTransaction : IMessage, IReadable<DescribedTransaction>
    {
        public ErrorCode ErrorCode { get; set; }

        public string TransactionalId { get; set; } = "";

        public string TransactionState { get; set; } = "";

        public int TransactionTimeoutMs { get; set; }

        public long TransactionStartTimeMs { get; set; }

        public long ProducerId { get; set; }

        public short ProducerEpoch { get; set; }

        public List<TopicData> Topics { get; set; } = [];

        public static DescribedTransaction Read(ref ProtocolReader reader, short version)
        {
            var read = new DescribedTransaction();
            read.ErrorCode = reader.ReadError();
            read.TransactionalId = reader.ReadString(flexible: true);
            read.TransactionState = reader.ReadString(flexible: true);
            read.TransactionTimeoutMs = reader.ReadInt32();
            read.TransactionStartTimeMs = reader.ReadInt64();
            read.ProducerId = reader.ReadInt64();
            read.ProducerEpoch = reader.ReadInt16();
            reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteError(ErrorCode);
            writer.WriteString(TransactionalId, flexible: true);
            writer.WriteString(TransactionState, flexible: true);
            writer.WriteInt32(TransactionTimeoutMs);
            writer.WriteInt64(TransactionStartTimeMs);
            writer.WriteInt64(ProducerId);
            writer.WriteInt16(ProducerEpoch);
            writer.WriteArray(Topics, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class TopicData : IMessage, IReadable<TopicData>
    {
        public string Topic { get; set; } = "";

        public List<int> Partitions { get; set; } = [];

        public static TopicData Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicData();
            read.Topic = reader.ReadString(flexible: true);
            reader.ReadInt32Array(read.Partitions, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Topic, flexible: true);
            writer.WriteInt32Array(Partitions, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
