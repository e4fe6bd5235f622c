// Made from Schema/DeleteGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Removes groups that have no members.</summary>
internal sealed class DeleteGroupsRequest : IRequest<DeleteGroupsResponse>, IReadable<DeleteGroupsRequest>
{
    public List<string> GroupsNames { get; set; } = [];

    public ApiKey Api => ApiKey.DeleteGroups;

    public static DeleteGroupsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DeleteGroupsRequest();
        reader.ReadStringArray(read.GroupsNames, flexible);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteStringArray(GroupsNames, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
