// Made from Schema/OffsetDelete.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was removed, partition by partition.</summary>
internal sealed class OffsetDeleteResponse : IResponse, IReadable<OffsetDeleteResponse>
{
    public ErrorCode ErrorCode { get; set; }

    public int ThrottleTimeMs { get; set; }

    public List<OffsetDeleteResponseTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetDelete;

    public static OffsetDeleteResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new OffsetDeleteResponse();
        read.ErrorCode = reader.ReadError();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible: false, leastBytes: 6);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteError(ErrorCode);
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible: false);
    }

    internal sealed class OffsetDeleteResponseTopic : IMessage, IReadable<OffsetDeleteResponseTopic>
    {
        public string Name { get; set; } = "";

        public List<OffsetDeleteResponsePartition> Partitions { get; set; } = [];

        public static OffsetDeleteResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetDeleteResponseTopic();
            read.Name = reader.ReadString(flexible: false);
            reader.ReadArray(read.Partitions, version, flexible: false, leastBytes: 6);
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: false);
            writer.WriteArray(Partitions, version, flexible: false);
        }
    }

    internal sealed class OffsetDeleteResponsePartition : IMessage, IReadable<OffsetDeleteResponsePartition>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public static OffsetDeleteResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetDeleteResponsePartition();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
        }
    }
}
