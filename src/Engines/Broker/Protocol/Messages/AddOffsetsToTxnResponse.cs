// Made from Schema/AddOffsetsToTxn.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether it may.</summary>
internal sealed class AddOffsetsToTxnResponse : IResponse, IReadable<AddOffsetsToTxnResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public ApiKey Api => ApiKey.AddOffsetsToTxn;

    public static AddOffsetsToTxnResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new AddOffsetsToTxnResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
