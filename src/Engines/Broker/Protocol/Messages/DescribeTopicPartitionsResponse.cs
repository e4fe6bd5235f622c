// Made from Schema/DescribeTopicPartitions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>A page of partitions, and where the next one starts.</summary>
internal sealed class DescribeTopicPartitionsResponse : IResponse, IReadable<DescribeTopicPartitionsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DescribeTopicPartitionsResponseTopic> Topics { get; set; } = [];

    public Place? NextCursor { get; set; }

    public ApiKey Api => ApiKey.DescribeTopicPartitions;

    public static DescribeTopicPartitionsResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeTopicPartitionsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 26);
        read.NextCursor = reader.ReadNullable<Place>(version);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible: true);
        writer.WriteNullable(NextCursor, version);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeTopicPartitionsResponseTopic : IMessage, IReadable<DescribeTopicPartitionsResponseTopic>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? Name { get; set; } = "";

        public Guid TopicId { get; set; }

        public bool IsInternal { get; set; }

        public List<DescribeTopicPartitionsResponsePartition> Partitions { get; set; } = [];

        public int TopicAuthorizedOperations { get; set; } = -2147483648;

        public static DescribeTopicPartitionsResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var read = new DescribeTopicPartitionsResponseTopic();
            read.ErrorCode = reader.ReadError();
            read.Name = reader.ReadNullableString(flexible: true);
            read.TopicId = reader.ReadUuid();
            read.IsInternal = reader.ReadBoolean();
            reader.ReadArray(read.Partitions, version, flexible: true, leastBytes: 20);
            read.TopicAuthorizedOperations = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(Name, flexible: true);
            writer.WriteUuid(TopicId);
            writer.WriteBoolean(IsInternal);
            writer.WriteArray(Partitions, version, flexible: true);
            writer.WriteInt32(TopicAuthorizedOperations);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribeTopicPartitionsResponsePartition : IMessage, IReadable<DescribeTopicPartitionsResponsePartition>
    {
        public ErrorCode ErrorCode { get; set; }

        public int PartitionIndex { get; set; }

        public int LeaderId { get; set; }

        public int LeaderEpoch { get; set; } = -1;

        public List<int> ReplicaNodes { get; set; } = [];

        public List<int> IsrNodes { get; set; } = [];

        public List<int>? EligibleLeaderReplicas { get; set; }

        public List<int>? LastKnownElr { get; set; }

        public List<int> OfflineReplicas { get; set; } = [];

        public static DescribeTopicPartitionsResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var read = new DescribeTopicPartitionsResponsePartition();
            read.ErrorCode = reader.ReadError();
            read.PartitionIndex = reader.ReadInt32();
            read.LeaderId = reader.ReadInt32();
            read.LeaderEpoch = reader.ReadInt32();
            reader.ReadInt32Array(read.ReplicaNodes, flexible: true);
            reader.ReadInt32Array(read.IsrNodes, flexible: true);
            read.EligibleLeaderReplicas = reader.ReadNullableInt32Array(flexible: true);
            read.LastKnownElr = reader.ReadNullableInt32Array(flexible: true);
            reader.ReadInt32Array(read.OfflineReplicas, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteError(ErrorCode);
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt32(LeaderId);
            writer.WriteInt32(LeaderEpoch);
            writer.WriteInt32Array(ReplicaNodes, flexible: true);
            writer.WriteInt32Array(IsrNodes, flexible: true);
            writer.WriteNullableInt32Array(EligibleLeaderReplicas, flexible: true);
            writer.WriteNullableInt32Array(LastKnownElr, flexible: true);
            writer.WriteInt32Array(OfflineReplicas, flexible: true);
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
