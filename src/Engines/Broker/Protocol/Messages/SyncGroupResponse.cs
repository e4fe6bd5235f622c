// Made from Schema/SyncGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What the member is to read.</summary>
internal sealed class SyncGroupResponse : IResponse, IReadable<SyncGroupResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ProtocolType { get; set; }

    public string? ProtocolName { get; set; }

    public ReadOnlyMemory<byte> Assignment { get; set; }

    public ApiKey Api => ApiKey.SyncGroup;

    public static SyncGroupResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new SyncGroupResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        if (version >= 5)
            read.ProtocolType = reader.ReadNullableString(flexible: true);
        if (version >= 5)
            read.ProtocolName = reader.ReadNullableString(flexible: true);
        read.Assignment = reader.ReadBytes(flexible);
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
        if (version >= 5)
            writer.WriteNullableString(ProtocolType, flexible: true);
        if (version >= 5)
            writer.WriteNullableString(ProtocolName, flexible: true);
        writer.WriteBytes(Assignment, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
