// Made from Schema/Heartbeat.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Whether the group goes on, or rebalances.</summary>
internal sealed class HeartbeatResponse : IResponse, IReadable<HeartbeatResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public ApiKey Api => ApiKey.Heartbeat;

    public static HeartbeatResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new HeartbeatResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
