// Made from Schema/OffsetCommit.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Keeps how far a group has read.</summary>
internal sealed class OffsetCommitRequest : IRequest<OffsetCommitResponse>, IReadable<OffsetCommitRequest>
{
    public string GroupId { get; set; } = "";

    /// <summary>-1 for one who is no member.</summary>
    public int GenerationIdOrMemberEpoch { get; set; } = -1;

    public string MemberId { get; set; } = "";

    public string? GroupInstanceId { get; set; }

    public long RetentionTimeMs { get; set; } = -1;

    public List<OffsetCommitRequestTopic> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.OffsetCommit;

    public static OffsetCommitRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 8;
        var read = new OffsetCommitRequest();
        read.GroupId = reader.ReadString(flexible);
        if (version >= 1)
            read.GenerationIdOrMemberEpoch = reader.ReadInt32();
        if (version >= 1)
            read.MemberId = reader.ReadString(flexible);
        if (version >= 7)
            read.GroupInstanceId = reader.ReadNullableString(flexible);
        if (version is >= 2 and <= 4)
            read.RetentionTimeMs = reader.ReadInt64();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 8;
        writer.WriteString(GroupId, flexible);
        if (version >= 1)
            writer.WriteInt32(GenerationIdOrMemberEpoch);
        if (version >= 1)
            writer.WriteString(MemberId, flexible);
        if (version >= 7)
            writer.WriteNullableString(GroupInstanceId, flexible);
        else if (GroupInstanceId is not null)
            throw ProtocolWriter.NotInVersion("OffsetCommitRequest.GroupInstanceId", version);
        if (version is >= 2 and <= 4)
            writer.WriteInt64(RetentionTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetCommitRequestTopic : IMessage, IReadable<OffsetCommitRequestTopic>
    {
        public string Name { get; set; } = "";

        public List<OffsetCommitRequestPartition> Partitions { get; set; } = [];

        public static OffsetCommitRequestTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 8;
            var read = new OffsetCommitRequestTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 14);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetCommitRequestPartition : IMessage, IReadable<OffsetCommitRequestPartition>
    {
        public int PartitionIndex { get; set; }

        public long CommittedOffset { get; set; }

        public int CommittedLeaderEpoch { get; set; } = -1;

        public long CommitTimestamp { get; set; } = -1;

        public string? CommittedMetadata { get; set; } = "";

        public static OffsetCommitRequestPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 8;
            var read = new OffsetCommitRequestPartition();
            read.PartitionIndex = reader.ReadInt32();
            read.CommittedOffset = reader.ReadInt64();
            if (version >= 6)
                read.CommittedLeaderEpoch = reader.ReadInt32();
            if (version == 1)
                read.CommitTimestamp = reader.ReadInt64();
            read.CommittedMetadata = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 8;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(CommittedOffset);
            if (version >= 6)
                writer.WriteInt32(CommittedLeaderEpoch);
            if (version == 1)
                writer.WriteInt64(CommitTimestamp);
            else if (CommitTimestamp != -1)
                throw ProtocolWriter.NotInVersion("OffsetCommitRequestPartition.CommitTimestamp", version);
            writer.WriteNullableString(CommittedMetadata, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
