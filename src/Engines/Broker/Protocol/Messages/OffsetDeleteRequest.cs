// Made from Schema/OffsetDelete.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Removes committed offsets of a group.</summary>
internal sealed class OffsetDeleteRequest : IRequest<OffsetDeleteResponse>, IReadable<OffsetDeleteRequest>
{
    public string GroupId { get; set; } = "";

    public List<OffsetDeleteRequestTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetDelete;

    public static OffsetDeleteRequest Read(ref ProtocolReader reader, short version)
    {
        var read = new OffsetDeleteRequest();
        read.GroupId = reader.ReadString(flexible: false);
        reader.ReadArray(read.Topics, version, flexible: false, leastBytes: 6);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteString(GroupId, flexible: false);
        writer.WriteArray(Topics, version, flexible: false);
    }

    internal sealed class OffsetDeleteRequestTopic : IMessage, IReadable<OffsetDeleteRequestTopic>
    {
        public string Name { get; set; } = "";

        public List<OffsetDeleteRequestPartition> Partitions { get; set; } = [];

        public static OffsetDeleteRequestTopic Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetDeleteRequestTopic();
            read.Name = reader.ReadString(flexible: false);
            reader.ReadArray(read.Partitions, version, flexible: false, leastBytes: 4);
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: false);
            writer.WriteArray(Partitions, version, flexible: false);
        }
    }

    internal sealed class OffsetDeleteRequestPartition : IMessage, IReadable<OffsetDeleteRequestPartition>
    {
        public int PartitionIndex { get; set; }

        public static OffsetDeleteRequestPartition Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetDeleteRequestPartition();
            read.PartitionIndex = reader.ReadInt32();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(PartitionIndex);
        }
    }
}
