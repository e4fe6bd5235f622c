// Made from Schema/JoinGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The generation that the member is in; its leader is told who else is.</summary>
internal sealed class JoinGroupResponse : IResponse, IReadable<JoinGroupResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public int GenerationId { get; set; } = -1;

    public string? ProtocolType { get; set; }

    public string? ProtocolName { get; set; } = "";

    public string Leader { get; set; } = "";

    /// <summary>The leader is to keep the assignment that is.</summary>
    public bool SkipAssignment { get; set; }

    public string MemberId { get; set; } = "";

    /// <summary>For the leader; empty for others.</summary>
    public List<JoinGroupResponseMember> Members { get; set; } = [];

    public ApiKey Api => ApiKey.JoinGroup;

    public static JoinGroupResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new JoinGroupResponse();
        if (version >= 2)
            read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.GenerationId = reader.ReadInt32();
        if (version >= 7)
            read.ProtocolType = reader.ReadNullableString(flexible: true);
        read.ProtocolName = reader.ReadNullableString(flexible) ?? (version >= 7 ? null : throw reader.UnexpectedNull("ProtocolName"));
        read.Leader = reader.ReadString(flexible);
        if (version >= 9)
            read.SkipAssignment = reader.ReadBoolean();
        read.MemberId = reader.ReadString(flexible);
        reader.ReadArray(read.Members, version, flexible, leastBytes: 4);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 2)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteInt32(GenerationId);
        if (version >= 7)
            writer.WriteNullableString(ProtocolType, flexible: true);
        writer.WriteNullableString(ProtocolName ?? (version >= 7 ? null : throw ProtocolWriter.NotNullIn("JoinGroupResponse.ProtocolName", version)), flexible);
        writer.WriteString(Leader, flexible);
        if (version >= 9)
            writer.WriteBoolean(SkipAssignment);
        else if (SkipAssignment)
            throw ProtocolWriter.NotInVersion("JoinGroupResponse.SkipAssignment", version);
        writer.WriteString(MemberId, flexible);
        writer.WriteArray(Members, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class JoinGroupResponseMember : IMessage, IReadable<JoinGroupResponseMember>
    {
        public string MemberId { get; set; } = "";

        public string? GroupInstanceId { get; set; }

        public ReadOnlyMemory<byte> Metadata { get; set; }

        public static JoinGroupResponseMember Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new JoinGroupResponseMember();
            read.MemberId = reader.ReadString(flexible);
            if (version >= 5)
                read.GroupInstanceId = reader.ReadNullableString(flexible);
            read.Metadata = reader.ReadBytes(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteString(MemberId, flexible);
            if (version >= 5)
                writer.WriteNullableString(GroupInstanceId, flexible);
            writer.WriteBytes(Metadata, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
