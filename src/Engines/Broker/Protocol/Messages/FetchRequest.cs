// Made from Schema/Fetch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for batches from an offset on, partition by partition; waits for some to come.</summary>
internal sealed class FetchRequest : IRequest<FetchResponse>, IReadable<FetchRequest>
{
    public string? ClusterId { get; set; }

    /// <summary>The follower that asks; -1 for a consumer.</summary>
    public int ReplicaId { get; set; } = -1;

    /// <summary>The follower that asks; not there for a consumer.</summary>
    public ReplicaState? Replica { get; set; }

    public int MaxWaitMs { get; set; }

    /// <summary>Answer when there are as many.</summary>
    public int MinBytes { get; set; }

    public int MaxBytes { get; set; } = 0x7fffffff;

    /// <summary>0: all that is written; 1: of transactions, those that are committed.</summary>
    public sbyte IsolationLevel { get; set; }

    public int SessionId { get; set; }

    /// <summary>-1: no session; 0: begin one; above: the next in it.</summary>
    public int SessionEpoch { get; set; } = -1;

    public List<FetchTopic> Topics { get; set; } = [];

    /// <summary>Leaves the session.</summary>
    public List<ForgottenTopic> ForgottenTopicsData { get; set; } = [];

    public string RackId { get; set; } = "";

    public ApiKey Api => ApiKey.Fetch;

    public static FetchRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 12;
        var read = new FetchRequest();
        if (version <= 14)
            read.ReplicaId = reader.ReadInt32();
        read.MaxWaitMs = reader.ReadInt32();
        read.MinBytes = reader.ReadInt32();
        if (version >= 3)
            read.MaxBytes = reader.ReadInt32();
        if (version >= 4)
            read.IsolationLevel = reader.ReadInt8();
        if (version >= 7)
            read.SessionId = reader.ReadInt32();
        if (version >= 7)
            read.SessionEpoch = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
        if (version >= 7)
            reader.ReadArray(read.ForgottenTopicsData, version, flexible, leastBytes: 3);
        if (version >= 11)
            read.RackId = reader.ReadString(flexible);
        if (!flexible)
            return read;
        for (var left = reader.ReadTagCount(); left > 0; left--)
        {
            var tag = reader.ReadTag(out var end);
            switch (tag)
            {
                case 0:
                    read.ClusterId = reader.ReadNullableString(flexible: true);
                    break;
                case 1 when version >= 15:
                    read.Replica = ReplicaState.Read(ref reader, version);
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
        if (version <= 14)
            writer.WriteInt32(ReplicaId);
        else if (ReplicaId != -1)
            throw ProtocolWriter.NotInVersion("FetchRequest.ReplicaId", version);
        writer.WriteInt32(MaxWaitMs);
        writer.WriteInt32(MinBytes);
        if (version >= 3)
            writer.WriteInt32(MaxBytes);
        if (version >= 4)
            writer.WriteInt8(IsolationLevel);
        if (version >= 7)
            writer.WriteInt32(SessionId);
        if (version >= 7)
            writer.WriteInt32(SessionEpoch);
        writer.WriteArray(Topics, version, flexible);
        if (version >= 7)
            writer.WriteArray(ForgottenTopicsData, version, flexible);
        else if (ForgottenTopicsData.Count > 0)
            throw ProtocolWriter.NotInVersion("FetchRequest.ForgottenTopicsData", version);
        if (version >= 11)
            writer.WriteString(RackId, flexible);
        if (version < 15 && Replica is not null)
            throw ProtocolWriter.NotInVersion("FetchRequest.Replica", version);
        if (!flexible)
            return;
        var tags = 0u;
        if (ClusterId is not null)
            tags++;
        if (version >= 15 && Replica is not null)
            tags++;
        writer.WriteUnsignedVarint(tags);
        if (ClusterId is not null)
        {
            writer.BeginTag().WriteString(ClusterId, flexible: true);
            writer.EndTag(0);
        }

        if (version >= 15 && Replica is not null)
        {
            Replica.Write(writer.BeginTag(), version);
            writer.EndTag(1);
        }
    }

    internal sealed class ReplicaState : IMessage, IReadable<ReplicaState>
    {
        public int ReplicaId { get; set; } = -1;

        public long ReplicaEpoch { get; set; } = -1;

        public static ReplicaState Read(ref ProtocolReader reader, short version)
        {
            var read = new ReplicaState();
            read.ReplicaId = reader.ReadInt32();
            read.ReplicaEpoch = reader.ReadInt64();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteInt32(ReplicaId);
            writer.WriteInt64(ReplicaEpoch);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class FetchTopic : IMessage, IReadable<FetchTopic>
    {
        public string Topic { get; set; } = "";

        public Guid TopicId { get; set; }

        public List<FetchPartition> Partitions { get; set; } = [];

        public static FetchTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new FetchTopic();
            if (version <= 12)
                read.Topic = reader.ReadString(flexible);
            if (version >= 13)
                read.TopicId = reader.ReadUuid();
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 16);
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

    internal sealed class FetchPartition : IMessage, IReadable<FetchPartition>
    {
        public int Partition { get; set; }

        public int CurrentLeaderEpoch { get; set; } = -1;

        public long FetchOffset { get; set; }

        public int LastFetchedEpoch { get; set; } = -1;

        public long LogStartOffset { get; set; } = -1;

        public int PartitionMaxBytes { get; set; }

        public Guid ReplicaDirectoryId { get; set; }

        public static FetchPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new FetchPartition();
            read.Partition = reader.ReadInt32();
            if (version >= 9)
                read.CurrentLeaderEpoch = reader.ReadInt32();
            read.FetchOffset = reader.ReadInt64();
            if (version >= 12)
                read.LastFetchedEpoch = reader.ReadInt32();
            if (version >= 5)
                read.LogStartOffset = reader.ReadInt64();
            read.PartitionMaxBytes = reader.ReadInt32();
            if (!flexible)
                return read;
            for (var left = reader.ReadTagCount(); left > 0; left--)
            {
                var tag = reader.ReadTag(out var end);
                switch (tag)
                {
                    case 0 when version >= 17:
                        read.ReplicaDirectoryId = reader.ReadUuid();
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
            writer.WriteInt32(Partition);
            if (version >= 9)
                writer.WriteInt32(CurrentLeaderEpoch);
            writer.WriteInt64(FetchOffset);
            if (version >= 12)
                writer.WriteInt32(LastFetchedEpoch);
            else if (LastFetchedEpoch != -1)
                throw ProtocolWriter.NotInVersion("FetchPartition.LastFetchedEpoch", version);
            if (version >= 5)
                writer.WriteInt64(LogStartOffset);
            writer.WriteInt32(PartitionMaxBytes);
            if (!flexible)
                return;
            var tags = 0u;
            if (version >= 17 && ReplicaDirectoryId != Guid.Empty)
                tags++;
            writer.WriteUnsignedVarint(tags);
            if (version >= 17 && ReplicaDirectoryId != Guid.Empty)
            {
                writer.BeginTag().WriteUuid(ReplicaDirectoryId);
                writer.EndTag(0);
            }
        }
    }

    internal sealed class ForgottenTopic : IMessage, IReadable<ForgottenTopic>
    {
        public string Topic { get; set; } = "";

        public Guid TopicId { get; set; }

        public List<int> Partitions { get; set; } = [];

        public static ForgottenTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 12;
            var read = new ForgottenTopic();
            if (version <= 12)
                read.Topic = reader.ReadString(flexible);
            if (version >= 13)
                read.TopicId = reader.ReadUuid();
            reader.ReadInt32Array(read.Partitions, flexible);
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
            writer.WriteInt32Array(Partitions, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
