// Made from Schema/InitProducerId.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for the id and the epoch under which a producer writes without doubles.</summary>
internal sealed class InitProducerIdRequest : IRequest<InitProducerIdResponse>, IReadable<InitProducerIdRequest>
{
    /// <summary>null for one who only wants to write without doubles.</summary>
    public string? TransactionalId { get; set; } = "";

    public int TransactionTimeoutMs { get; set; }

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; } = -1;

    public ApiKey Api => ApiKey.InitProducerId;

    public static InitProducerIdRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new InitProducerIdRequest();
        read.TransactionalId = reader.ReadNullableString(flexible);
        read.TransactionTimeoutMs = reader.ReadInt32();
        if (version >= 3)
            read.ProducerId = reader.ReadInt64();
        if (version >= 3)
            read.ProducerEpoch = reader.ReadInt16();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteNullableString(TransactionalId, flexible);
        writer.WriteInt32(TransactionTimeoutMs);
        if (version >= 3)
            writer.WriteInt64(ProducerId);
        else if (ProducerId != -1)
            throw ProtocolWriter.NotInVersion("InitProducerIdRequest.ProducerId", version);
        if (version >= 3)
            writer.WriteInt16(ProducerEpoch);
        else if (ProducerEpoch != -1)
            throw ProtocolWriter.NotInVersion("InitProducerIdRequest.ProducerEpoch", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
