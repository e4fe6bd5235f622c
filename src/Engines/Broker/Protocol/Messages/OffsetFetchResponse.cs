// Made from Schema/OffsetFetch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Offsets as they were committed; -1 where none was.</summary>
internal sealed class OffsetFetchResponse : IResponse, IReadable<OffsetFetchResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<OffsetFetchResponseTopic> Topics { get; set; } = [];

    public ErrorCode ErrorCode { get; set; }

    public List<OffsetFetchResponseGroup> Groups { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetFetch;

    public static OffsetFetchResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new OffsetFetchResponse();
        if (version >= 3)
            read.ThrottleTimeMs = reader.ReadInt32();
        if (version <= 7)
            reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (version is >= 2 and <= 7)
            read.ErrorCode = reader.ReadError();
        if (version >= 8)
            reader.ReadArray(read.Groups, version, flexible: true, leastBytes: 5);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version >= 3)
            writer.WriteInt32(ThrottleTimeMs);
        if (version <= 7)
            writer.WriteArray(Topics, version, flexible);
        else if (Topics.Count > 0)
            throw ProtocolWriter.NotInVersion("OffsetFetchResponse.Topics", version);
        if (version is >= 2 and <= 7)
            writer.WriteError(ErrorCode);
        if (version >= 8)
            writer.WriteArray(Groups, version, flexible: true);
        else if (Groups.Count > 0)
            throw ProtocolWriter.NotInVersion("OffsetFetchResponse.Groups", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetFetchResponseTopic : IMessage, IReadable<OffsetFetchResponseTopic>
    {
        public string Name { get; set; } = "";

        public List<OffsetFetchResponsePartition> Partitions { get; set; } = [];

        public static OffsetFetchResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new OffsetFetchResponseTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 16);
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

    internal sealed class OffsetFetchResponsePartition : IMessage, IReadable<OffsetFetchResponsePartition>
    {
        public int PartitionIndex { get; set; }

        public long CommittedOffset { get; set; }

        public int CommittedLeaderEpoch { get; set; } = -1;

        public string? Metadata { get; set; } = "";

        public ErrorCode ErrorCode { get; set; }

        public static OffsetFetchResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new OffsetFetchResponsePartition();
            read.PartitionIndex = reader.ReadInt32();
            read.CommittedOffset = reader.ReadInt64();
            if (version >= 5)
                read.CommittedLeaderEpoch = reader.ReadInt32();
            read.Metadata = reader.ReadNullableString(flexible);
            read.ErrorCode = reader.ReadError();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(CommittedOffset);
            if (version >= 5)
                writer.WriteInt32(CommittedLeaderEpoch);
            writer.WriteNullableString(Metadata, flexible);
            writer.WriteError(ErrorCode);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetFetchResponseGroup : IMessage, IReadable<OffsetFetchResponseGroup>
    {
        public string GroupId { get; set; } = "";

        public List<OffsetFetchResponseTopics> Topics { get; set; } = [];

        public ErrorCode ErrorCode { get; set; }

        public static OffsetFetchResponseGroup Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetFetchResponseGroup();
            read.GroupId = reader.ReadString(flexible: true);
            reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 3);
            read.ErrorCode = reader.ReadError();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(GroupId, flexible: true);
            writer.WriteArray(Topics, version, flexible: true);
            writer.WriteError(ErrorCode);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetFetchResponseTopics : IMessage, IReadable<OffsetFetchResponseTopics>
    {
        public string Name { get; set; } = "";

        public List<OffsetFetchResponsePartitions> Partitions { get; set; } = [];

        public static OffsetFetchResponseTopics Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetFetchResponseTopics();
            read.Name = reader.ReadString(flexible: true);
            reader.ReadArray(read.Partitions, version, flexible: true, leastBytes: 20);
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

    internal sealed class OffsetFetchResponsePartitions : IMessage, IReadable<OffsetFetchResponsePartitions>
    {
        public int PartitionIndex { get; set; }

        public long CommittedOffset { get; set; }

        public int CommittedLeaderEpoch { get; set; } = -1;

        public string? Metadata { get; set; } = "";

        public ErrorCode ErrorCode { get; set; }

        public static OffsetFetchResponsePartitions Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetFetchResponsePartitions();
            read.PartitionIndex = reader.ReadInt32();
            read.CommittedOffset = reader.ReadInt64();
            read.CommittedLeaderEpoch = reader.ReadInt32();
            read.Metadata = reader.ReadNullableString(flexible: true);
            read.ErrorCode = reader.ReadError();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(CommittedOffset);
            writer.WriteInt32(CommittedLeaderEpoch);
            writer.WriteNullableString(Metadata, flexible: true);
            writer.WriteError(ErrorCode);
            writer.WriteUnsignedVarint(0);
        }
    }
}
