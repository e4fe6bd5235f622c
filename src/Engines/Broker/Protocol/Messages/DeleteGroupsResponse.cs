// Made from Schema/DeleteGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was removed, group by group.</summary>
internal sealed class DeleteGroupsResponse : IResponse, IReadable<DeleteGroupsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DeletableGroupResult> Results { get; set; } = [];

    public ApiKey Api => ApiKey.DeleteGroups;

    public static DeleteGroupsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DeleteGroupsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Results, version, flexible, leastBytes: 4);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Results, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DeletableGroupResult : IMessage, IReadable<DeletableGroupResult>
    {
        public string GroupId { get; set; } = "";

        public ErrorCode ErrorCode { get; set; }

        public static DeletableGroupResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DeletableGroupResult();
            read.GroupId = reader.ReadString(flexible);
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(GroupId, flexible);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
