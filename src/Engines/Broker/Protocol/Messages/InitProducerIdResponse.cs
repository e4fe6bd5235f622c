// Made from Schema/InitProducerId.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The id and the epoch.</summary>
internal sealed class InitProducerIdResponse : IResponse, IReadable<InitProducerIdResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; }

    public ApiKey Api => ApiKey.InitProducerId;

    public static InitProducerIdResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new InitProducerIdResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.ProducerId = reader.ReadInt64();
        read.ProducerEpoch = reader.ReadInt16();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(ProducerEpoch);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
