// Made from Schema/SyncGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Brings a generation's assignment, from its leader, and asks for one's own.</summary>
internal sealed class SyncGroupRequest : IRequest<SyncGroupResponse>, IReadable<SyncGroupRequest>
{
    public string GroupId { get; set; } = "";

    public int GenerationId { get; set; }

    public string MemberId { get; set; } = "";

    public string? GroupInstanceId { get; set; }

    public string? ProtocolType { get; set; }

    public string? ProtocolName { get; set; }

    public List<SyncGroupRequestAssignment> Assignments { get; set; } = [];

    public ApiKey Api => ApiKey.SyncGroup;

    public static SyncGroupRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new SyncGroupRequest();
        read.GroupId = reader.ReadString(flexible);
        read.GenerationId = reader.ReadInt32();
        read.MemberId = reader.ReadString(flexible);
        if (version >= 3)
            read.GroupInstanceId = reader.ReadNullableString(flexible);
        if (version >= 5)
            read.ProtocolType = reader.ReadNullableString(flexible: true);
        if (version >= 5)
            read.ProtocolName = reader.ReadNullableString(flexible: true);
        reader.ReadArray(read.Assignments, version, flexible, leastBytes: 3);
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
            throw ProtocolWriter.NotInVersion("SyncGroupRequest.GroupInstanceId", version);
        if (version >= 5)
            writer.WriteNullableString(ProtocolType, flexible: true);
        if (version >= 5)
            writer.WriteNullableString(ProtocolName, flexible: true);
        writer.WriteArray(Assignments, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class SyncGroupRequestAssignment : IMessage, IReadable<SyncGroupRequestAssignment>
    {
        public string MemberId { get; set; } = "";

        public ReadOnlyMemory<byte> Assignment { get; set; }

        public static SyncGroupRequestAssignment Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new SyncGroupRequestAssignment();
            read.MemberId = reader.ReadString(flexible);
            read.Assignment = reader.ReadBytes(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(MemberId, flexible);
            writer.WriteBytes(Assignment, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
