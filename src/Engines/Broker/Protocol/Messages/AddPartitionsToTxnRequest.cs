// Made from Schema/AddPartitionsToTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Says which partitions a transaction is going to write to.</summary>
internal sealed class AddPartitionsToTxnRequest : IRequest<AddPartitionsToTxnResponse>, IReadable<AddPartitionsToTxnRequest>
{
    public List<AddPartitionsToTxnTransaction> Transactions { get; set; } = [];

    public string V3AndBelowTransactionalId { get; set; } = "";

    public long V3AndBelowProducerId { get; set; }

    public short V3AndBelowProducerEpoch { get; set; }

    public List<AddPartitionsToTxnTopic> V3AndBelowTopics { get; set; } = [];

    public ApiKey Api => ApiKey.AddPartitionsToTxn;

    public static AddPartitionsToTxnRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new AddPartitionsToTxnRequest();
        if (version >= 4)
            reader.ReadArray(read.Transactions, version, flexible: true, leastBytes: 14);
        if (version <= 3)
            read.V3AndBelowTransactionalId = reader.ReadString(flexible);
        if (version <= 3)
            read.V3AndBelowProducerId = reader.ReadInt64();
        if (version <= 3)
            read.V3AndBelowProducerEpoch = reader.ReadInt16();
        if (version <= 3)
            reader.ReadArray(read.V3AndBelowTopics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 4)
            writer.WriteArray(Transactions, version, flexible: true);
        else if (Transactions.Count > 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnRequest.Transactions", version);
        if (version <= 3)
            writer.WriteString(V3AndBelowTransactionalId, flexible);
        else if (V3AndBelowTransactionalId.Length > 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnRequest.V3AndBelowTransactionalId", version);
        if (version <= 3)
            writer.WriteInt64(V3AndBelowProducerId);
        else if (V3AndBelowProducerId != 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnRequest.V3AndBelowProducerId", version);
        if (version <= 3)
            writer.WriteInt16(V3AndBelowProducerEpoch);
        else if (V3AndBelowProducerEpoch != 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnRequest.V3AndBelowProducerEpoch", version);
        if (version <= 3)
            writer.WriteArray(V3AndBelowTopics, version, flexible);
        else if (V3AndBelowTopics.Count > 0)
            throw ProtocolWriter.NotInVersion("AddPartitionsToTxnRequest.V3AndBelowTopics", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class AddPartitionsToTxnTransaction : IMessage, IReadable<AddPartitionsToTxnTransaction>
    {
        public string TransactionalId { get; set; } = "";

        public long ProducerId { get; set; }

        public short ProducerEpoch { get; set; }

        public bool VerifyOnly { get; set; }

        public List<AddPartitionsToTxnTopic> Topics { get; set; } = [];

        public static AddPartitionsToTxnTransaction Read(ref ProtocolReader reader, short version)
        {
            var read = new AddPartitionsToTxnTransaction();
            read.TransactionalId = reader.ReadString(flexible: true);
            read.ProducerId = reader.ReadInt64();
            read.ProducerEpoch = reader.ReadInt16();
            read.VerifyOnly = reader.ReadBoolean();
            reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(TransactionalId, flexible: true);
            writer.WriteInt64(ProducerId);
            writer.WriteInt16(ProducerEpoch);
            writer.WriteBoolean(VerifyOnly);
            writer.WriteArray(Topics, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AddPartitionsToTxnTopic : IMessage, IReadable<AddPartitionsToTxnTopic>
    {
        public string Name { get; set; } = "";

        public List<int> Partitions { get; set; } = [];

        public static AddPartitionsToTxnTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new AddPartitionsToTxnTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadInt32Array(read.Partitions, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteString(Name, flexible);
            writer.WriteInt32Array(Partitions, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
