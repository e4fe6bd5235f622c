// Made from Schema/AddOffsetsToTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Says that a transaction is going to commit a group's offsets.</summary>
internal sealed class AddOffsetsToTxnRequest : IRequest<AddOffsetsToTxnResponse>, IReadable<AddOffsetsToTxnRequest>
{
    public string TransactionalId { get; set; } = "";

    public long ProducerId { get; set; }

    public short ProducerEpoch { get; set; }

    public string GroupId { get; set; } = "";

    public ApiKey Api => ApiKey.AddOffsetsToTxn;

    public static AddOffsetsToTxnRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new AddOffsetsToTxnRequest();
        read.TransactionalId = reader.ReadString(flexible);
        read.ProducerId = reader.ReadInt64();
        read.ProducerEpoch = reader.ReadInt16();
        read.GroupId = reader.ReadString(flexible);
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
        writer.WriteString(GroupId, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
