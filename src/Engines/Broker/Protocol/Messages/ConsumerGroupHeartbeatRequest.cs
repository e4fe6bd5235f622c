// Made from Schema/ConsumerGroupHeartbeat.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Takes part in a group whose assignment the server makes: joins, goes on, leaves.</summary>
internal sealed class ConsumerGroupHeartbeatRequest : IRequest<ConsumerGroupHeartbeatResponse>, IReadable<ConsumerGroupHeartbeatRequest>
{
    public string GroupId { get; set; } = "";

    public string MemberId { get; set; } = "";

    public int MemberEpoch { get; set; }

    public string? InstanceId { get; set; }

    public string? RackId { get; set; }

    public int RebalanceTimeoutMs { get; set; } = -1;

    public List<string>? SubscribedTopicNames { get; set; }

    public string? SubscribedTopicRegex { get; set; }

    public string? ServerAssignor { get; set; }

    public List<OwnedPartitions>? TopicPartitions { get; set; }

    public ApiKey Api => ApiKey.ConsumerGroupHeartbeat;

    public static ConsumerGroupHeartbeatRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerGroupHeartbeatRequest();
        read.GroupId = reader.ReadString(flexible: true);
        read.MemberId = reader.ReadString(flexible: true);
        read.MemberEpoch = reader.ReadInt32();
        read.InstanceId = reader.ReadNullableString(flexible: true);
        read.RackId = reader.ReadNullableString(flexible: true);
        read.RebalanceTimeoutMs = reader.ReadInt32();
        read.SubscribedTopicNames = reader.ReadNullableStringArray(flexible: true);
        if (version >= 1)
            read.SubscribedTopicRegex = reader.ReadNullableString(flexible: true);
        read.ServerAssignor = reader.ReadNullableString(flexible: true);
        read.TopicPartitions = reader.ReadNullableArray<OwnedPartitions>(version, flexible: true, leastBytes: 18);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteString(GroupId, flexible: true);
        writer.WriteString(MemberId, flexible: true);
        writer.WriteInt32(MemberEpoch);
        writer.WriteNullableString(InstanceId, flexible: true);
        writer.WriteNullableString(RackId, flexible: true);
        writer.WriteInt32(RebalanceTimeoutMs);
        writer.WriteNullableStringArray(SubscribedTopicNames, flexible: true);
        if (version >= 1)
            writer.WriteNullableString(SubscribedTopicRegex, flexible: true);
        else if (SubscribedTopicRegex is not null)
            throw ProtocolWriter.NotInVersion("ConsumerGroupHeartbeatRequest.SubscribedTopicRegex", version);
        writer.WriteNullableString(ServerAssignor, flexible: true);
        writer.WriteNullableArray(TopicPartitions, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class OwnedPartitions : IMessage, IReadable<OwnedPartitions>
    {
        public Guid TopicId { get; set; }

        public List<int> Partitions { get; set; } = [];

        public static OwnedPartitions Read(ref ProtocolReader reader, short version)
        {
            var read = new OwnedPartitions();
            read.TopicId = reader.ReadUuid();
            reader.ReadInt32Array(read.Partitions, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteUuid(TopicId);
            writer.WriteInt32Array(Partitions, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
