// Made from Schema/LeaveGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Leaves a group, for one member or several.</summary>
internal sealed class LeaveGroupRequest : IRequest<LeaveGroupResponse>, IReadable<LeaveGroupRequest>
{
    public string GroupId { get; set; } = "";

    public string MemberId { get; set; } = "";

    public List<MemberIdentity> Members { get; set; } = [];

    public ApiKey Api => ApiKey.LeaveGroup;

    public static LeaveGroupRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new LeaveGroupRequest();
        read.GroupId = reader.ReadString(flexible);
        if (version <= 2)
            read.MemberId = reader.ReadString(flexible: false);
        if (version >= 3)
            reader.ReadArray(read.Members, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteString(GroupId, flexible);
        if (version <= 2)
            writer.WriteString(MemberId, flexible: false);
        else if (MemberId.Length > 0)
            throw ProtocolWriter.NotInVersion("LeaveGroupRequest.MemberId", version);
        if (version >= 3)
            writer.WriteArray(Members, version, flexible);
        else if (Members.Count > 0)
            throw ProtocolWriter.NotInVersion("LeaveGroupRequest.Members", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class MemberIdentity : IMessage, IReadable<MemberIdentity>
    {
        public string MemberId { get; set; } = "";

        public string? GroupInstanceId { get; set; }

        public string? Reason { get; set; }

        public static MemberIdentity Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new MemberIdentity();
            read.MemberId = reader.ReadString(flexible);
            read.GroupInstanceId = reader.ReadNullableString(flexible);
            if (version >= 5)
                read.Reason = reader.ReadNullableString(flexible: true);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(MemberId, flexible);
            writer.WriteNullableString(GroupInstanceId, flexible);
            if (version >= 5)
                writer.WriteNullableString(Reason, flexible: true);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
