// Made from Schema/ConsumerGroupDescribe.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for groups whose assignment the server makes.</summary>
internal sealed class ConsumerGroupDescribeRequest : IRequest<ConsumerGroupDescribeResponse>, IReadable<ConsumerGroupDescribeRequest>
{
    public List<string> GroupIds { get; set; } = [];

    public bool IncludeAuthorizedOperations { get; set; }

    public ApiKey Api => ApiKey.ConsumerGroupDescribe;

    public static ConsumerGroupDescribeRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerGroupDescribeRequest();
        reader.ReadStringArray(read.GroupIds, flexible: true);
        read.IncludeAuthorizedOperations = reader.ReadBoolean();
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteStringArray(GroupIds, flexible: true);
        writer.WriteBoolean(IncludeAuthorizedOperations);
        writer.WriteUnsignedVarint(0);
    }
}
