// Made from Schema/Fetch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Batches, as they lie in the log.</summary>
internal sealed class FetchResponse : IResponse, IReadable<FetchResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public int SessionId { get; set; }

    public List<FetchableTopicResponse> Responses { get; set; } = [];

    /// <summary>Where the leaders named above listen.</summary>
    public List<NodeEndpoint>? NodeEndpoints { get; set; }

    public ApiKey Api => ApiKey.Fetch;

    public static FetchResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 12;
        var read = new FetchResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        if (version >= 7)
            read.ErrorCode = reader.ReadError();
        if (version >= 7)
            read.SessionId = reader.ReadInt32();
        reader.ReadArray(read.Responses, version, flexible, leastBytes: 3);
        if (!flexible)
            return read;
        for (var left = reader.ReadTagCount(); left > 0; left--)
        {
            var tag = reader.ReadTag(out var end);
            switch (tag)
            {
                case 0 when version >= 16:
                    read.NodeEndpoints = reader.ReadNullableArray<NodeEndpoint>(version, flexible: true, leastBytes: 11) ?? throw reader.UnexpectedNull("NodeEndpoints");
                    break;
                default:
                    reader.SkipTo(end);
                    break;
            }

            reader.EndTag(tag, end);
        }

        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 12;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        if (version >= 7)
            writer.WriteError(ErrorCode);
        if (version >= 7)
            writer.WriteInt32(SessionId);
        else if (SessionId != 0)
            throw ProtocolWriter.NotInVersion("FetchResponse.SessionId", version);
        writer.WriteArray(Responses, version, flexible);
        if (!flexible)
            return;
        var tags = 0u;
        if (version >= 16 && NodeEndpoints is not null)
            tags++;
        writer.WriteUnsignedVarint(tags);
        if (version >= 16 && NodeEndpoints is not null)
        {
            writer.BeginTag().WriteArray(NodeEndpoints, version, flexible: true);
            writer.EndTag(0);
        }
    }

    internal sealed class FetchableTopicResponse : IMessage, IReadable<FetchableTopicResponse>
    {
        public string Topic { get; set; } = "";

        public Guid TopicId { get; set; }

        public List<PartitionData> Partitions { get; set; } = [];

        public static FetchableTopicResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new FetchableTopicResponse();
            if (version <= 12)
                read.Topic = reader.ReadString(flexible);
            if (version >= 13)
                read.TopicId = reader.ReadUuid();
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 18);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 12;
            if (version <= 12)
                writer.WriteString(Topic, flexible);
            if (version >= 13)
                writer.WriteUuid(TopicId);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class PartitionData : IMessage, IReadable<PartitionData>
    {
        public int PartitionIndex { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public long HighWatermark { get; set; }

        public long LastStableOffset { get; set; } = -1;

        public long LogStartOffset { get; set; } = -1;

        /// <summary>Where the log of the one who asks departs from this one.</summary>
        public EpochEndOffset? DivergingEpoch { get; set; }

        /// <summary>Who leads now, where this node does not.</summary>
        public LeaderIdAndEpoch? CurrentLeader { get; set; }

        /// <summary>The snapshot to begin from, of the metadata's log.</summary>
        public SnapshotId? SnapshotId { get; set; }

        /// <summary>null where all that is written was asked for.</summary>
        public List<AbortedTransaction>? AbortedTransactions { get; set; }

        /// <summary>A nearer replica to ask from now on; -1 for none.</summary>
        public int PreferredReadReplica { get; set; } = -1;

        public RecordBytes Records { get; set; }

        public static PartitionData Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new PartitionData();
            read.PartitionIndex = reader.ReadInt32();
            read.ErrorCode = reader.ReadError();
            read.HighWatermark = reader.ReadInt64();
            if (version >= 4)
                read.LastStableOffset = reader.ReadInt64();
            if (version >= 5)
                read.LogStartOffset = reader.ReadInt64();
            if (version >= 4)
                read.AbortedTransactions = reader.ReadNullableArray<AbortedTransaction>(version, flexible, leastBytes: 16);
            if (version >= 11)
                read.PreferredReadReplica = reader.ReadInt32();
            read.Records = reader.ReadRecords(flexible);
            if (!flexible)
                return read;
            for (var left = reader.ReadTagCount(); left > 0; left--)
            {
                var tag = reader.ReadTag(out var end);
                switch (tag)
                {
                    case 0:
                        read.DivergingEpoch = EpochEndOffset.Read(ref reader, version);
                        break;
                    case 1:
                        read.CurrentLeader = LeaderIdAndEpoch.Read(ref reader, version);
                        break;
                    case 2:
                        read.SnapshotId = SnapshotId.Read(ref reader, version);
                        break;
                    default:
                        reader.SkipTo(end);
                        break;
                }

                reader.EndTag(tag, end);
            }

            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 12;
            writer.WriteInt32(PartitionIndex);
            writer.WriteError(ErrorCode);
            writer.WriteInt64(HighWatermark);
            if (version >= 4)
                writer.WriteInt64(LastStableOffset);
            if (version >= 5)
                writer.WriteInt64(LogStartOffset);
            if (version >= 4)
                writer.WriteNullableArray(AbortedTransactions, version, flexible);
            if (version >= 11)
                writer.WriteInt32(PreferredReadReplica);
            else if (PreferredReadReplica != -1)
                throw ProtocolWriter.NotInVersion("PartitionData.PreferredReadReplica", version);
            writer.WriteRecords(Records, flexible);
            if (version < 12 && DivergingEpoch is not null)
                throw ProtocolWriter.NotInVersion("PartitionData.DivergingEpoch", version);
            if (version < 12 && SnapshotId is not null)
                throw ProtocolWriter.NotInVersion("PartitionData.SnapshotId", version);
            if (!flexible)
                return;
            var tags = 0u;
            if (DivergingEpoch is not null)
                tags++;
            if (CurrentLeader is not null)
                tags++;
            if (SnapshotId is not null)
                tags++;
            writer.WriteUnsignedVarint(tags);
            if (DivergingEpoch is not null)
            {
                DivergingEpoch.Write(writer.BeginTag(), version);
                writer.EndTag(0);
            }

            if (CurrentLeader is not null)
            {
                CurrentLeader.Write(writer.BeginTag(), version);
                writer.EndTag(1);
            }

            if (SnapshotId is not null)
            {
                SnapshotId.Write(writer.BeginTag(), version);
                writer.EndTag(2);
            }
        }
    }

    internal sealed class EpochEndOffset : IMessage, IReadable<EpochEndOffset>
    {
        public int Epoch { get; set; } = -1;

        public long EndOffset { get; set; } = -1;

        public static EpochEndOffset Read(ref ProtocolReader reader, short version)
        {
            var read = new EpochEndOffset();
            read.Epoch = reader.ReadInt32();
            read.EndOffset = reader.ReadInt64();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(Epoch);
            writer.WriteInt64(EndOffset);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class LeaderIdAndEpoch : IMessage, IReadable<LeaderIdAndEpoch>
    {
        public int LeaderId { get; set; } = -1;

        public int LeaderEpoch { get; set; } = -1;

        public static LeaderIdAndEpoch Read(ref ProtocolReader reader, short version)
        {
            var read = new LeaderIdAndEpoch();
            read.LeaderId = reader.ReadInt32();
            read.LeaderEpoch = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(LeaderId);
            writer.WriteInt32(LeaderEpoch);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class SnapshotId : IMessage, IReadable<SnapshotId>
    {
        public long EndOffset { get; set; } = -1;

        public int Epoch { get; set; } = -1;

        public static SnapshotId Read(ref ProtocolReader reader, short version)
        {
            var read = new SnapshotId();
            read.EndOffset = reader.ReadInt64();
            read.Epoch = reader.ReadInt32();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt64(EndOffset);
            writer.WriteInt32(Epoch);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AbortedTransaction : IMessage, IReadable<AbortedTransaction>
    {
        public long ProducerId { get; set; }

        public long FirstOffset { get; set; }

        public static AbortedTransaction Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new AbortedTransaction();
            read.ProducerId = reader.ReadInt64();
            read.FirstOffset = reader.ReadInt64();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 12;
            writer.WriteInt64(ProducerId);
            writer.WriteInt64(FirstOffset);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class NodeEndpoint : IMessage, IReadable<NodeEndpoint>
    {
        public int NodeId { get; set; }

        public string Host { get; set; } = "";

        public int Port { get; set; }

        public string? Rack { get; set; }

        public static NodeEndpoint Read(ref ProtocolReader reader, short version)
        {
            var read = new NodeEndpoint();
            read.NodeId = reader.ReadInt32();
            read.Host = reader.ReadString(flexible: true);
            read.Port = reader.ReadInt32();
            read.Rack = reader.ReadNullableString(flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible: true);
            writer.WriteInt32(Port);
            writer.WriteNullableString(Rack, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
