// Made from Schema/ListOffsets.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>An offset for each partition.</summary>
internal sealed class ListOffsetsResponse : IResponse, IReadable<ListOffsetsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<ListOffsetsTopicResponse> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.ListOffsets;

    public static ListOffsetsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new ListOffsetsResponse();
        if (version >= 2)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 2)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class ListOffsetsTopicResponse : IMessage, IReadable<ListOffsetsTopicResponse>
    {
        public string Name { get; set; } = "";

        public List<ListOffsetsPartitionResponse> Partitions { get; set; } = [];

        public static ListOffsetsTopicResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new ListOffsetsTopicResponse();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 10);
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

    internal sealed class ListOffsetsPartitionResponse : IMessage, IReadable<ListOffsetsPartitionResponse>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public List<long> OldStyleOffsets { get; set; } = [];

        public long Timestamp { get; set; } = -1;

        public long Offset { get; set; } = -1;

        public int LeaderEpoch { get; set; } = -1;

        public static ListOffsetsPartitionResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new ListOffsetsPartitionResponse();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            if (version == 0)
                reader.ReadInt64Array(read.OldStyleOffsets, flexible: false);
            if (version >= 1)
                read.Timestamp = reader.ReadInt64();
            if (version >= 1)
                read.Offset = reader.ReadInt64();
            if (version >= 4)
                read.LeaderEpoch = reader.ReadInt32();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
            if (version == 0)
                writer.WriteInt64Array(OldStyleOffsets, flexible: false);
            else if (OldStyleOffsets.Count > 0)
                throw ProtocolWriter.NotInVersion("ListOffsetsPartitionResponse.OldStyleOffsets", version);
            if (version >= 1)
                writer.WriteInt64(Timestamp);
            else if (Timestamp != -1)
                throw ProtocolWriter.NotInVersion("ListOffsetsPartitionResponse.Timestamp", version);
            if (version >= 1)
                writer.WriteInt64(Offset);
            else if (Offset != -1)
                throw ProtocolWriter.NotInVersion("ListOffsetsPartitionResponse.Offset", version);
            if (version >= 4)
                writer.WriteInt32(LeaderEpoch);
            else if (LeaderEpoch != -1)
                throw ProtocolWriter.NotInVersion("ListOffsetsPartitionResponse.LeaderEpoch", version);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
