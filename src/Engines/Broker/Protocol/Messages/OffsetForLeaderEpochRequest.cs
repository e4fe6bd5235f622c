// Made from Schema/OffsetForLeaderEpoch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks where a leader's epoch ended.</summary>
internal sealed class OffsetForLeaderEpochRequest : IRequest<OffsetForLeaderEpochResponse>, IReadable<OffsetForLeaderEpochRequest>
{
    public int ReplicaId { get; set; } = -2;

    public List<OffsetForLeaderTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetForLeaderEpoch;

    public static OffsetForLeaderEpochRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new OffsetForLeaderEpochRequest();
        if (version >= 3)
            read.ReplicaId = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 3)
            writer.WriteInt32(ReplicaId);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetForLeaderTopic : IMessage, IReadable<OffsetForLeaderTopic>
    {
        public string Topic { get; set; } = "";

        public List<OffsetForLeaderPartition> Partitions { get; set; } = [];

        public static OffsetForLeaderTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new OffsetForLeaderTopic();
            read.Topic = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 8);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(Topic, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetForLeaderPartition : IMessage, IReadable<OffsetForLeaderPartition>
    {
        public int Partition { get; set; }

        public int CurrentLeaderEpoch { get; set; } = -1;

        public int LeaderEpoch { get; set; }

        public static OffsetForLeaderPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new OffsetForLeaderPartition();
            read.Partition = reader.ReadInt32();
            if (version >= 2)
                read.CurrentLeaderEpoch = reader.ReadInt32();
            read.LeaderEpoch = reader.ReadInt32();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteInt32(Partition);
            if (version >= 2)
                writer.WriteInt32(CurrentLeaderEpoch);
            writer.WriteInt32(LeaderEpoch);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
