// Made from Schema/LeaveGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Who has left.</summary>
internal sealed class LeaveGroupResponse : IResponse, IReadable<LeaveGroupResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public List<MemberResponse> Members { get; set; } = [];

    public ApiKey Api => ApiKey.LeaveGroup;

    public static LeaveGroupResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new LeaveGroupResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        if (version >= 3)
            reader.ReadArray(read.Members, version, flexible, leastBytes: 5);
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
        if (version >= 3)
            writer.WriteArray(Members, version, flexible);
        else if (Members.Count > 0)
            throw ProtocolWriter.NotInVersion("LeaveGroupResponse.Members", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class MemberResponse : IMessage, IReadable<MemberResponse>
    {
        public string MemberId { get; set; } = "";

        public string? GroupInstanceId { get; set; } = "";

        public ErrorCode ErrorCode { get; set; }

        public static MemberResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new MemberResponse();
            read.MemberId = reader.ReadString(flexible);
            read.GroupInstanceId = reader.ReadNullableString(flexible);
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(MemberId, flexible);
            writer.WriteNullableString(GroupInstanceId, flexible);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
