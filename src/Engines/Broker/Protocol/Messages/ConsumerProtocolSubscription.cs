// Made from Schema/ConsumerProtocolSubscription.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What a consumer tells those who assign: what it wants to read, and what it has.</summary>
internal sealed class ConsumerProtocolSubscription : IVersionedData, IReadable<ConsumerProtocolSubscription>
{
    public List<string> Topics { get; set; } = [];

    public ReadOnlyMemory<byte>? UserData { get; set; }

    public List<TopicPartition> OwnedPartitions { get; set; } = [];

    public int GenerationId { get; set; } = -1;

    public string? RackId { get; set; }

    public static short OldestVersion => 0;

    public static short NewestVersion => 3;

    public static ConsumerProtocolSubscription Read(ref ProtocolReader reader, short version)
    {
        var read = new ConsumerProtocolSubscription();
        reader.ReadStringArray(read.Topics, flexible: false);
        read.UserData = reader.ReadNullableBytes(flexible: false);
        if (version >= 1)
            reader.ReadArray(read.OwnedPartitions, version, flexible: false, leastBytes: 6);
        if (version >= 2)
            read.GenerationId = reader.ReadInt32();
        if (version >= 3)
            read.RackId = reader.ReadNullableString(flexible: false);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteStringArray(Topics, flexible: false);
        writer.WriteNullableBytes(UserData, flexible: false);
        if (version >= 1)
            writer.WriteArray(OwnedPartitions, version, flexible: false);
        if (version >= 2)
            writer.WriteInt32(GenerationId);
        if (version >= 3)
            writer.WriteNullableString(RackId, flexible: false);
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
