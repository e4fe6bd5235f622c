// Made from Schema/JoinGroup.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Enters a group, or enters it anew when it rebalances.</summary>
internal sealed class JoinGroupRequest : IRequest<JoinGroupResponse>, IReadable<JoinGroupRequest>
{
    public string GroupId { get; set; } = "";

    public int SessionTimeoutMs { get; set; }

    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>Empty the first time.</summary>
    public string MemberId { get; set; } = "";

    /// <summary>The name of one who keeps its place while it is away; null for others.</summary>
    public string? GroupInstanceId { get; set; }

    public string ProtocolType { get; set; } = "";

    /// <summary>The ways to assign that the member has, the best first.</summary>
    public List<JoinGroupRequestProtocol> Protocols { get; set; } = [];

    public string? Reason { get; set; }

    public ApiKey Api => ApiKey.JoinGroup;

    public static JoinGroupRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new JoinGroupRequest();
        read.GroupId = reader.ReadString(flexible);
        read.SessionTimeoutMs = reader.ReadInt32();
        if (version >= 1)
            read.RebalanceTimeoutMs = reader.ReadInt32();
        read.MemberId = reader.ReadString(flexible);
        if (version >= 5)
            read.GroupInstanceId = reader.ReadNullableString(flexible);
        read.ProtocolType = reader.ReadString(flexible);
        reader.ReadArray(read.Protocols, version, flexible, leastBytes: 3);
        if (version >= 8)
            read.Reason = reader.ReadNullableString(flexible: true);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        writer.WriteString(GroupId, flexible);
        writer.WriteInt32(SessionTimeoutMs);
        if (version >= 1)
            writer.WriteInt32(RebalanceTimeoutMs);
        writer.WriteString(MemberId, flexible);
        if (version >= 5)
            writer.WriteNullableString(GroupInstanceId, flexible);
        else if (GroupInstanceId is not null)
            throw ProtocolWriter.NotInVersion("JoinGroupRequest.GroupInstanceId", version);
        writer.WriteString(ProtocolType, flexible);
        writer.WriteArray(Protocols, version, flexible);
        if (version >= 8)
            writer.WriteNullableString(Reason, flexible: true);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class JoinGroupRequestProtocol : IMessage, IReadable<JoinGroupRequestProtocol>
    {
        public string Name { get; set; } = "";

        public ReadOnlyMemory<byte> Metadata { get; set; }

        public static JoinGroupRequestProtocol Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new JoinGroupRequestProtocol();
            read.Name = reader.ReadString(flexible);
            read.Metadata = reader.ReadBytes(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteString(Name, flexible);
            writer.WriteBytes(Metadata, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
