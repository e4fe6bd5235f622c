// Made from Schema/ConsumerGroupDescribe.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Such groups, with their members.</summary>
internal sealed class ConsumerGroupDescribeResponse : IResponse, IReadable<ConsumerGroupDescribeResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DescribedGroup> Groups { get; set; } = [];

    public ApiKey Api => ApiKey.ConsumerGroupDescribe;

    public static ConsumerGroupDescribeResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerGroupDescribeResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Groups, version, flexible: true, leastBytes: 20);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Groups, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribedGroup : IMessage, IReadable<DescribedGroup>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; }

        public string GroupId { get; set; } = "";

        public string GroupState { get; set; } = "";

        public int GroupEpoch { get; set; }

        public int AssignmentEpoch { get; set; }

        public string AssignorName { get; set; } = "";

        public List<Member> Members { get; set; } = [];

        public int AuthorizedOperations { get; set; } = -2147483648;

        public static DescribedGroup Read(ref ProtocolReader reader, short version)
        {
            var read = new DescribedGroup();
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible: true);
            read.GroupId = reader.ReadString(flexible: true);
            read.GroupState = reader.ReadString(flexible: true);
            read.GroupEpoch = reader.ReadInt32();
            read.AssignmentEpoch = reader.ReadInt32();
            read.AssignorName = reader.ReadString(flexible: true);
            reader.ReadArray(read.Members, version, flexible: true, leastBytes: 16);
            read.AuthorizedOperations = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible: true);
            writer.WriteString(GroupId, flexible: true);
            writer.WriteString(GroupState, flexible: true);
            writer.WriteInt32(GroupEpoch);
            writer.WriteInt32(AssignmentEpoch);
            writer.WriteString(AssignorName, flexible: true);
            writer.WriteArray(Members, version, flexible: true);
            writer.WriteInt32(AuthorizedOperations);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class Member : IMessage, IReadable<Member>
    {
        public string MemberId { get; set; } = "";

        public string? InstanceId { get; set; }

        public string? RackId { get; set; }

        public int MemberEpoch { get; set; }

        public string ClientId { get; set; } = "";

        public string ClientHost { get; set; } = "";

        public List<string> SubscribedTopicNames { get; set; } = [];

        public string? SubscribedTopicRegex { get; set; }

        public Assignment Assignment { get; set; } = new();

        public Assignment TargetAssignment { get; set; } = new();

        public sbyte MemberType { get; set; } = -1;

        public static Member Read(ref ProtocolReader reader, short version)
        {
            var read = new Member();
            read.MemberId = reader.ReadString(flexible: true);
            read.InstanceId = reader.ReadNullableString(flexible: true);
            read.RackId = reader.ReadNullableString(flexible: true);
            read.MemberEpoch = reader.ReadInt32();
            read.ClientId = reader.ReadString(flexible: true);
            read.ClientHost = reader.ReadString(flexible: true);
            reader.ReadStringArray(read.SubscribedTopicNames, flexible: true);
            read.SubscribedTopicRegex = reader.ReadNullableString(flexible: true);
            read.Assignment = Assignment.Read(ref reader, version);
            read.TargetAssignment = Assignment.Read(ref reader, version);
            if (version >= 1)
                read.MemberType = reader.ReadInt8();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(MemberId, flexible: true);
            writer.WriteNullableString(InstanceId, flexible: true);
            writer.WriteNullableString(RackId, flexible: true);
            writer.WriteInt32(MemberEpoch);
            writer.WriteString(ClientId, flexible: true);
            writer.WriteString(ClientHost, flexible: true);
            writer.WriteStringArray(SubscribedTopicNames, flexible: true);
            writer.WriteNullableString(SubscribedTopicRegex, flexible: true);
            Assignment.Write(writer, version);
            TargetAssignment.Write(writer, version);
            if (version >= 1)
                writer.WriteInt8(MemberType);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class TopicPartitions : IMessage, IReadable<TopicPartitions>
    {
        public Guid TopicId { get; set; }

        public string TopicName { get; set; } = "";

        public List<int> Partitions { get; set; } = [];

        public static TopicPartitions Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicPartitions();
            read.TopicId = reader.ReadUuid();
            read.TopicName = reader.ReadString(flexible: true);
            reader.ReadInt32Array(read.Partitions, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteUuid(TopicId);
            writer.WriteString(TopicName, flexible: true);
            writer.WriteInt32Array(Partitions, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class Assignment : IMessage, IReadable<Assignment>
    {
        public List<TopicPartitions> TopicPartitions { get; set; } = [];

        public static Assignment Read(ref ProtocolReader reader, short version)
        {
            var read = new Assignment();
            reader.ReadArray(read.TopicPartitions, version, flexible: true, leastBytes: 19);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteArray(TopicPartitions, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
