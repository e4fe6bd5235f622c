// Made from Schema/ListPartitionReassignments.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Partitions on their way, with the nodes that they come to and leave.</summary>
internal sealed class ListPartitionReassignmentsResponse : IResponse, IReadable<ListPartitionReassignmentsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public List<OngoingTopicReassignment> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.ListPartitionReassignments;

    public static ListPartitionReassignmentsResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new ListPartitionReassignmentsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        read.ErrorCode = reader.ReadError();
        read.ErrorMessage = reader.ReadNullableString(flexible: true);
        reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteError(ErrorCode);
        writer.WriteNullableString(ErrorMessage, flexible: true);
        writer.WriteArray(Topics, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class OngoingTopicReassignment : IMessage, IReadable<OngoingTopicReassignment>
    {
        public string Name { get; set; } = "";

        public List<OngoingPartitionReassignment> Partitions { get; set; } = [];

        public static OngoingTopicReassignment Read(ref ProtocolReader reader, short version)
        {
            var read = new OngoingTopicReassignment();
            read.Name = reader.ReadString(flexible: true);
            reader.ReadArray(read.Partitions, version, flexible: true, leastBytes: 8);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteArray(Partitions, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OngoingPartitionReassignment : IMessage, IReadable<OngoingPartitionReassignment>
    {
        public int PartitionIndex { get; set; }

        public List<int> Replicas { get; set; } = [];

        public List<int> AddingReplicas { get; set; } = [];

        public List<int> RemovingReplicas { get; set; } = [];

        public static OngoingPartitionReassignment Read(ref ProtocolReader reader, short version)
        {
            var read = new OngoingPartitionReassignment();
            read.PartitionIndex = reader.ReadInt32();
            reader.ReadInt32Array(read.Replicas, flexible: true);
            reader.ReadInt32Array(read.AddingReplicas, flexible: true);
            reader.ReadInt32Array(read.RemovingReplicas, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt32Array(Replicas, flexible: true);
            writer.WriteInt32Array(AddingReplicas, flexible: true);
            writer.WriteInt32Array(RemovingReplicas, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
