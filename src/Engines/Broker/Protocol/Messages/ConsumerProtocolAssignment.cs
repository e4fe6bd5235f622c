// Made from Schema/ConsumerProtocolAssignment.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What a consumer is to read.</summary>
internal sealed class ConsumerProtocolAssignment : IVersionedData, IReadable<ConsumerProtocolAssignment>
{
    public List<TopicPartition> AssignedPartitions { get; set; } = [];

    public ReadOnlyMemory<byte>? UserData { get; set; }

    public static short OldestVersion => 0;

    public static short NewestVersion => 3;

    public static ConsumerProtocolAssignment Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerProtocolAssignment();
        reader.ReadArray(read.AssignedPartitions, version, flexible: false, leastBytes: 6);
        read.UserData = reader.ReadNullableBytes(flexible: false);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteArray(AssignedPartitions, version, flexible: false);
        writer.WriteNullableBytes(UserData, flexible: false);
    }

    internal sealed class TopicPartition : IMessage, IReadable<TopicPartition>
    {
        public string Topic { get; set; } = "";

        public List<int> Partitions { get; set; } = [];

        public static TopicPartition Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicPartition();
            read.Topic = reader.ReadString(flexible: false);
            reader.ReadInt32Array(read.Partitions, flexible: false);
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Topic, flexible: false);
            writer.WriteInt32Array(Partitions, flexible: false);
        }
    }
}
