// Made from Schema/ListOffsets.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for the offset at a time, or for the first or the last one.</summary>
internal sealed class ListOffsetsRequest : IRequest<ListOffsetsResponse>, IReadable<ListOffsetsRequest>
{
    public int ReplicaId { get; set; }

    public sbyte IsolationLevel { get; set; }

    public List<ListOffsetsTopic> Topics { get; set; } = [];

    /// <summary>How long to wait where the answer lies elsewhere.</summary>
    public int TimeoutMs { get; set; }

    public ApiKey Api => ApiKey.ListOffsets;

    public static ListOffsetsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new ListOffsetsRequest();
        read.ReplicaId = reader.ReadInt32();
        if (version >= 2)
            read.IsolationLevel = reader.ReadInt8();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (version >= 10)
            read.TimeoutMs = reader.ReadInt32();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        writer.WriteInt32(ReplicaId);
        if (version >= 2)
            writer.WriteInt8(IsolationLevel);
        else if (IsolationLevel != 0)
            throw ProtocolWriter.NotInVersion("ListOffsetsRequest.IsolationLevel", version);
        writer.WriteArray(Topics, version, flexible);
        if (version >= 10)
            writer.WriteInt32(TimeoutMs);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class ListOffsetsTopic : IMessage, IReadable<ListOffsetsTopic>
    {
        public string Name { get; set; } = "";

        public List<ListOffsetsPartition> Partitions { get; set; } = [];

        public static ListOffsetsTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new ListOffsetsTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 12);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class ListOffsetsPartition : IMessage, IReadable<ListOffsetsPartition>
    {
        public int PartitionIndex { get; set; }

        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>Milliseconds since 1970; or -1: the end, -2: the start, -3: the record with the latest time, -4: the start on disk, -5: the end elsewhere.</summary>
        public long Timestamp { get; set; }

        public int MaxNumOffsets { get; set; } = 1;

        public static ListOffsetsPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new ListOffsetsPartition();
            read.PartitionIndex = reader.ReadInt32();
            if (version >= 4)
                read.CurrentLeaderEpoch = reader.ReadInt32();
            read.Timestamp = reader.ReadInt64();
            if (version == 0)
                read.MaxNumOffsets = reader.ReadInt32();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteInt32(PartitionIndex);
            if (version >= 4)
                writer.WriteInt32(CurrentLeaderEpoch);
            writer.WriteInt64(Timestamp);
            if (version == 0)
                writer.WriteInt32(MaxNumOffsets);
            else if (MaxNumOffsets != 1)
                throw ProtocolWriter.NotInVersion("ListOffsetsPartition.MaxNumOffsets", version);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
