// Made from Schema/DescribeProducers.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks who writes to partitions.</summary>
internal sealed class DescribeProducersRequest : IRequest<DescribeProducersResponse>, IReadable<DescribeProducersRequest>
{
    public List<TopicRequest> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeProducers;

    public static DescribeProducersRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeProducersRequest();
        reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteArray(Topics, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class TopicRequest : IMessage, IReadable<TopicRequest>
    {
        public string Name { get; set; } = "";

        public List<int> PartitionIndexes { get; set; } = [];

        public static TopicRequest Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicRequest();
            read.Name = reader.ReadString(flexible: true);
            reader.ReadInt32Array(read.PartitionIndexes, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteInt32Array(PartitionIndexes, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
