// Made from Schema/DescribeGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Groups with their members.</summary>
internal sealed class DescribeGroupsResponse : IResponse, IReadable<DescribeGroupsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DescribedGroup> Groups { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeGroups;

    public static DescribeGroupsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 5;
        var read = new DescribeGroupsResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Groups, version, flexible, leastBytes: 12);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 5;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Groups, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribedGroup : IMessage, IReadable<DescribedGroup>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; }

        public string GroupId { get; set; } = "";

        public string GroupState { get; set; } = "";

        public string ProtocolType { get; set; } = "";

        public string ProtocolData { get; set; } = "";

        public List<DescribedGroupMember> Members { get; set; } = [];

        public int AuthorizedOperations { get; set; } = -2147483648;

        public static DescribedGroup Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new DescribedGroup();
            read.ErrorCode = reader.ReadError();
            if (version >= 6)
                read.ErrorMessage = reader.ReadNullableString(flexible: true);
            read.GroupId = reader.ReadString(flexible);
            read.GroupState = reader.ReadString(flexible);
            read.ProtocolType = reader.ReadString(flexible);
            read.ProtocolData = reader.ReadString(flexible);
            reader.ReadArray(read.Members, version, flexible, leastBytes: 7);
            if (version >= 3)
                read.AuthorizedOperations = reader.ReadInt32();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.WriteError(ErrorCode);
            if (version >= 6)
                writer.WriteNullableString(ErrorMessage, flexible: true);
            writer.WriteString(GroupId, flexible);
            writer.WriteString(GroupState, flexible);
            writer.WriteString(ProtocolType, flexible);
            writer.WriteString(ProtocolData, flexible);
            writer.WriteArray(Members, version, flexible);
            if (version >= 3)
                writer.WriteInt32(AuthorizedOperations);
            else if (AuthorizedOperations != -2147483648)
                throw ProtocolWriter.NotInVersion("DescribedGroup.AuthorizedOperations", version);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribedGroupMember : IMessage, IReadable<DescribedGroupMember>
    {
        public string MemberId { get; set; } = "";

        public string? GroupInstanceId { get; set; }

        public string ClientId { get; set; } = "";

        public string ClientHost { get; set; } = "";

        public ReadOnlyMemory<byte> MemberMetadata { get; set; }

        public ReadOnlyMemory<byte> MemberAssignment { get; set; }

        public static DescribedGroupMember Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new DescribedGroupMember();
            read.MemberId = reader.ReadString(flexible);
            if (version >= 4)
                read.GroupInstanceId = reader.ReadNullableString(flexible);
            read.ClientId = reader.ReadString(flexible);
            read.ClientHost = reader.ReadString(flexible);
            read.MemberMetadata = reader.ReadBytes(flexible);
            read.MemberAssignment = reader.ReadBytes(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.WriteString(MemberId, flexible);
            if (version >= 4)
                writer.WriteNullableString(GroupInstanceId, flexible);
            writer.WriteString(ClientId, flexible);
            writer.WriteString(ClientHost, flexible);
            writer.WriteBytes(MemberMetadata, flexible);
            writer.WriteBytes(MemberAssignment, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
