// Made from Schema/ListPartitionReassignments.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks which partitions are on their way to other nodes.</summary>
internal sealed class ListPartitionReassignmentsRequest : IRequest<ListPartitionReassignmentsResponse>, IReadable<ListPartitionReassignmentsRequest>
{
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>null for all.</summary>
    public List<TopicPartitions>? Topics { get; set; }

    public ApiKey Api => ApiKey.ListPartitionReassignments;

    public static ListPartitionReassignmentsRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new ListPartitionReassignmentsRequest();
        read.TimeoutMs = reader.ReadInt32();
        read.Topics = reader.ReadNullableArray<TopicPartitions>(version, flexible: true, leastBytes: 3);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(TimeoutMs);
        writer.WriteNullableArray(Topics, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class TopicPartitions : IMessage, IReadable<TopicPartitions>
    {
        public string Name { get; set; } = "";

        public List<int> PartitionIndexes { get; set; } = [];

        public static TopicPartitions Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicPartitions();
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
