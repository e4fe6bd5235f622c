// Made from Schema/ListGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The groups of this node.</summary>
internal sealed class ListGroupsResponse : IResponse, IReadable<ListGroupsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public List<ListedGroup> Groups { get; set; } = [];

    public ApiKey Api => ApiKey.ListGroups;

    public static ListGroupsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new ListGroupsResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        reader.ReadArray(read.Groups, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteArray(Groups, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class ListedGroup : IMessage, IReadable<ListedGroup>
    {
        public string GroupId { get; set; } = "";

        public string ProtocolType { get; set; } = "";

        public string GroupState { get; set; } = "";

        public string GroupType { get; set; } = "";

        public static ListedGroup Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 3;
            var read = new ListedGroup();
            read.GroupId = reader.ReadString(flexible);
            read.ProtocolType = reader.ReadString(flexible);
            if (version >= 4)
                read.GroupState = reader.ReadString(flexible: true);
            if (version >= 5)
                read.GroupType = reader.ReadString(flexible: true);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 3;
            writer.WriteString(GroupId, flexible);
            writer.WriteString(ProtocolType, flexible);
            if (version >= 4)
                writer.WriteString(GroupState, flexible: true);
            if (version >= 5)
                writer.WriteString(GroupType, flexible: true);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
