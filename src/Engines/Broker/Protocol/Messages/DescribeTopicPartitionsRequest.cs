// Made from Schema/DescribeTopicPartitions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for partitions, page by page.</summary>
internal sealed class DescribeTopicPartitionsRequest : IRequest<DescribeTopicPartitionsResponse>, IReadable<DescribeTopicPartitionsRequest>
{
    public List<TopicRequest> Topics { get; set; } = [];

    public int ResponsePartitionLimit { get; set; } = 2000;

    public Place? Cursor { get; set; }

    public ApiKey Api => ApiKey.DescribeTopicPartitions;

    public static DescribeTopicPartitionsRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeTopicPartitionsRequest();
        reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 2);
        read.ResponsePartitionLimit = reader.ReadInt32();
        read.Cursor = reader.ReadNullable<Place>(version);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteArray(Topics, version, flexible: true);
        writer.WriteInt32(ResponsePartitionLimit);
        writer.WriteNullable(Cursor, version);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class TopicRequest : IMessage, IReadable<TopicRequest>
    {
        public string Name { get; set; } = "";

        public static TopicRequest Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicRequest();
            read.Name = reader.ReadString(flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class Place : IMessage, IReadable<Place>
    {
        public string TopicName { get; set; } = "";

        public int PartitionIndex { get; set; }

        public static Place Read(ref ProtocolReader reader, short version)
        {
            var read = new Place();
            read.TopicName = reader.ReadString(flexible: true);
            read.PartitionIndex = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(TopicName, flexible: true);
            writer.WriteInt32(PartitionIndex);
            writer.WriteUnsignedVarint(0);
        }
    }
}
