// Made from Schema/DescribeCluster.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The cluster and its nodes.</summary>
internal sealed class DescribeClusterResponse : IResponse, IReadable<DescribeClusterResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public sbyte EndpointType { get; set; } = 1;

    public string ClusterId { get; set; } = "";

    public int ControllerId { get; set; } = -1;

    public List<DescribeClusterBroker> Brokers { get; set; } = [];

    public int ClusterAuthorizedOperations { get; set; } = -2147483648;

    public ApiKey Api => ApiKey.DescribeCluster;

    public static DescribeClusterResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeClusterResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.ErrorMessage = reader.ReadNullableString(flexible: true);
        if (version >= 1)
            read.EndpointType = reader.ReadInt8();
        read.ClusterId = reader.ReadString(flexible: true);
        read.ControllerId = reader.ReadInt32();
        reader.ReadArray(read.Brokers, version, flexible: true, leastBytes: 11);
        read.ClusterAuthorizedOperations = reader.ReadInt32();
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteNullableString(ErrorMessage, flexible: true);
        if (version >= 1)
            writer.WriteInt8(EndpointType);
        else if (EndpointType != 1)
            throw ProtocolWriter.NotInVersion("DescribeClusterResponse.EndpointType", version);
        writer.WriteString(ClusterId, flexible: true);
        writer.WriteInt32(ControllerId);
        writer.WriteArray(Brokers, version, flexible: true);
        writer.WriteInt32(ClusterAuthorizedOperations);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeClusterBroker : IMessage, IReadable<DescribeClusterBroker>
    {
        public int BrokerId { get; set; }

        public string Host { get; set; } = "";

        public int Port { get; set; }

        public string? Rack { get; set; }

        public bool IsFenced { get; set; }

        public static DescribeClusterBroker Read(ref ProtocolReader reader, short version)
        {
            var read = new DescribeClusterBroker();
            read.BrokerId = reader.ReadInt32();
            read.Host = reader.ReadString(flexible: true);
            read.Port = reader.ReadInt32();
            read.Rack = reader.ReadNullableString(flexible: true);
            if (version >= 2)
                read.IsFenced = reader.ReadBoolean();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(BrokerId);
            writer.WriteString(Host, flexible: true);
            writer.WriteInt32(Port);
            writer.WriteNullableString(Rack, flexible: true);
            if (version >= 2)
                writer.WriteBoolean(IsFenced);
            writer.WriteUnsignedVarint(0);
        }
    }
}
