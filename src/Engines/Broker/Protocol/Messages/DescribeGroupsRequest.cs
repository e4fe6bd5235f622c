// Made from Schema/DescribeGroups.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for groups with their members.</summary>
internal sealed class DescribeGroupsRequest : IRequest<DescribeGroupsResponse>, IReadable<DescribeGroupsRequest>
{
    public List<string> Groups { get; set; } = [];

    public bool IncludeAuthorizedOperations { get; set; }

    public ApiKey Api => ApiKey.DescribeGroups;

    public static DescribeGroupsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 5;
        var read = new DescribeGroupsRequest();
        reader.ReadStringArray(read.Groups, flexible);
        if (version >= 3)
            read.IncludeAuthorizedOperations = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 5;
        writer.WriteStringArray(Groups, flexible);
        if (version >= 3)
            writer.WriteBoolean(IncludeAuthorizedOperations);
        else if (IncludeAuthorizedOperations)
            throw ProtocolWriter.NotInVersion("DescribeGroupsRequest.IncludeAuthorizedOperations", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }
}
