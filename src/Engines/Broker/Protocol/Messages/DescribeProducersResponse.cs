// Made from Schema/DescribeProducers.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The producers of each partition, with their state.</summary>
internal sealed class DescribeProducersResponse : IResponse, IReadable<DescribeProducersResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<TopicResponse> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeProducers;

    public static DescribeProducersResponse Read(ref ProtocolReader reader, short version)
    {
        var read = new DescribeProducersResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
        reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible: true);
        writer.WriteUnsignedVarint(0);
    }

    internal sealed class TopicResponse : IMessage, IReadable<TopicResponse>
    {
        public string Name { get; set; } = "";

        public List<PartitionResponse> Partitions { get; set; } = [];

        public static TopicResponse Read(ref ProtocolReader reader, short version)
        {
            var read = new TopicResponse();
            read.Name = reader.ReadString(flexible: true);
            reader.ReadArray(read.Partitions, version, flexible: true, leastBytes: 9);
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

    internal sealed class PartitionResponse : IMessage, IReadable<PartitionResponse>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; }

        public List<ProducerState> ActiveProducers { get; set; } = [];

        public static PartitionResponse Read(ref ProtocolReader reader, short version)
        {
            var read = new PartitionResponse();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible: true);
            reader.ReadArray(read.ActiveProducers, version, flexible: true, leastBytes: 37);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible: true);
            writer.WriteArray(ActiveProducers, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class ProducerState : IMessage, IReadable<ProducerState>
    {
        public long ProducerId { get; set; }

        public int ProducerEpoch { get; set; }

        public int LastSequence { get; set; } = -1;

        public long LastTimestamp { get; set; } = -1;

        public int CoordinatorEpoch { get; set; }

        public long CurrentTxnStartOffset { get; set; } = -1;

        public static ProducerState Read(ref ProtocolReader reader, short version)
        {
            var read = new ProducerState();
            read.ProducerId = reader.ReadInt64();
            read.ProducerEpoch = reader.ReadInt32();
            read.LastSequence = reader.ReadInt32();
            read.LastTimestamp = reader.ReadInt64();
            read.CoordinatorEpoch = reader.ReadInt32();
            read.CurrentTxnStartOffset = reader.ReadInt64();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt64(ProducerId);
            writer.WriteInt32(ProducerEpoch);
            writer.WriteInt32(LastSequence);
            writer.WriteInt64(LastTimestamp);
            writer.WriteInt32(CoordinatorEpoch);
            writer.WriteInt64(CurrentTxnStartOffset);
            writer.WriteUnsignedVarint(0);
        }
    }
}
