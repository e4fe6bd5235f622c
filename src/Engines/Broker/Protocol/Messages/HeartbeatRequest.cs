// Made from Schema/Heartbeat.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Says that a member of a group lives.</summary>
internal sealed class HeartbeatRequest : IRequest<HeartbeatResponse>, IReadable<HeartbeatRequest>
{
    public string GroupId { get; set; } = "";

    public int GenerationId { get; set; }

    public string MemberId { get; set; } = "";

    public string? GroupInstanceId { get; set; }

    public ApiKey Api => ApiKey.Heartbeat;

    public static HeartbeatRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new HeartbeatRequest();
        read.GroupId = reader.ReadString(flexible);
        read.GenerationId = reader.ReadInt32();
        read.MemberId = reader.ReadString(flexible);
        if (version >= 3)
            read.GroupInstanceId = reader.ReadNullableString(flexible);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteString(GroupId, flexible);
        writer.WriteInt32(GenerationId);
        writer.WriteString(MemberId, flexible);
        if (version >= 3)
            writer.WriteNullableString(GroupInstanceId, flexible);
        else if (GroupInstanceId is not null)
            throw ProtocolWriter.NotInVersion("HeartbeatRequest.GroupInstanceId", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
