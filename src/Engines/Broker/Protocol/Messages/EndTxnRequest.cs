// Made from Schema/EndTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Commits or aborts a transaction.</summary>
internal sealed class EndTxnRequest : IRequest<EndTxnResponse>, IReadable<EndTxnRequest>
{
    public string TransactionalId { get; set; } = "";

    public long ProducerId { get; set; }

    public short ProducerEpoch { get; set; }

    public bool Committed { get; set; }

    public ApiKey Api => ApiKey.EndTxn;

    public static EndTxnRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new EndTxnRequest();
        read.TransactionalId = reader.ReadString(flexible);
        read.ProducerId = reader.ReadInt64();
        read.ProducerEpoch = reader.ReadInt16();
        read.Committed = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteString(TransactionalId, flexible);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        writer.WriteBoolean(Committed);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
