// Made from Schema/ConsumerGroupHeartbeat.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The epoch that the member is in, and what it is to read.</summary>
internal sealed class ConsumerGroupHeartbeatResponse : IResponse, IReadable<ConsumerGroupHeartbeatResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public string? MemberId { get; set; }

    public int MemberEpoch { get; set; }

    public int HeartbeatIntervalMs { get; set; }

    public Assigned? Assignment { get; set; }

    public ApiKey Api => ApiKey.ConsumerGroupHeartbeat;

    public static ConsumerGroupHeartbeatResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerGroupHeartbeatResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.ErrorMessage = reader.ReadNullableString(flexible: true);
        read.MemberId = reader.ReadNullableString(flexible: true);
        read.MemberEpoch = reader.ReadInt32();
        read.HeartbeatIntervalMs = reader.ReadInt32();
        read.Assignment = reader.ReadNullable<Assigned>(version);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteNullableString(ErrorMessage, flexible: true);
        writer.WriteNullableString(MemberId, flexible: true);
        writer.WriteInt32(MemberEpoch);
        writer.WriteInt32(HeartbeatIntervalMs);
        writer.WriteNullable(Assignment, version);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class Assigned : IMessage, IReadable<Assigned>
    {
        public List<TopicPartitions> TopicPartitions { get; set; } = [];

        public static Assigned Read(ref ProtocolReader reader, short version)
        {
            var read = new Assigned();
            reader.ReadArray(read.TopicPartitions, version, flexible: true, leastBytes: 18);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteArray(TopicPartitions, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class TopicPartitions : IMessage, IReadable<TopicPartitions>
    {
        public Guid TopicId { get; set; }

        public List<int> Partitions { get; set; } = [];

        public static TopicPartitions Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicPartitions();
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
