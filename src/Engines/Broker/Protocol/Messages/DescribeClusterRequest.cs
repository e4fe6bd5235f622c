// Made from Schema/DescribeCluster.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for the cluster and its nodes.</summary>
internal sealed class DescribeClusterRequest : IRequest<DescribeClusterResponse>, IReadable<DescribeClusterRequest>
{
    public bool IncludeClusterAuthorizedOperations { get; set; }

    public sbyte EndpointType { get; set; } = 1;

    public bool IncludeFencedBrokers { get; set; }

    public ApiKey Api => ApiKey.DescribeCluster;

    public static DescribeClusterRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeClusterRequest();
        read.IncludeClusterAuthorizedOperations = reader.ReadBoolean();
        if (version >= 1)
            read.EndpointType = reader.ReadInt8();
        if (version >= 2)
            read.IncludeFencedBrokers = reader.ReadBoolean();
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteBoolean(IncludeClusterAuthorizedOperations);
        if (version >= 1)
            writer.WriteInt8(EndpointType);
        else if (EndpointType != 1)
            throw ProtocolWriter.NotInVersion("DescribeClusterRequest.EndpointType", version);
        if (version >= 2)
            writer.WriteBoolean(IncludeFencedBrokers);
        else if (IncludeFencedBrokers)
            throw ProtocolWriter.NotInVersion("DescribeClusterRequest.IncludeFencedBrokers", version);
        writer.WriteUnsignedVarint(0);
    }
}
