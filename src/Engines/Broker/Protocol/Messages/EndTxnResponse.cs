// Made from Schema/EndTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether it is decided.</summary>
internal sealed class EndTxnResponse : IResponse, IReadable<EndTxnResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; } = -1;

    public ApiKey Api => ApiKey.EndTxn;

    public static EndTxnResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new EndTxnResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        if (version >= 5)
            read.ProducerId = reader.ReadInt64();
        if (version >= 5)
            read.ProducerEpoch = reader.ReadInt16();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        if (version >= 5)
            writer.WriteInt64(ProducerId);
        if (version >= 5)
            writer.WriteInt16(ProducerEpoch);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
