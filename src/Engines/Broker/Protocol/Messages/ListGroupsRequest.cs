// Made from Schema/ListGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks which groups there are.</summary>
internal sealed class ListGroupsRequest : IRequest<ListGroupsResponse>, IReadable<ListGroupsRequest>
{
    public List<string> StatesFilter { get; set; } = [];

    public List<string> TypesFilter { get; set; } = [];

    public ApiKey Api => ApiKey.ListGroups;

    public static ListGroupsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 3;
        var read = new ListGroupsRequest();
        if (version >= 4)
            reader.ReadStringArray(read.StatesFilter, flexible: true);
        if (version >= 5)
            reader.ReadStringArray(read.TypesFilter, flexible: true);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 3;
        if (version >= 4)
            writer.WriteStringArray(StatesFilter, flexible: true);
        else if (StatesFilter.Count > 0)
            throw ProtocolWriter.NotInVersion("ListGroupsRequest.StatesFilter", version);
        if (version >= 5)
            writer.WriteStringArray(TypesFilter, flexible: true);
        else if (TypesFilter.Count > 0)
            throw ProtocolWriter.NotInVersion("ListGroupsRequest.TypesFilter", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
