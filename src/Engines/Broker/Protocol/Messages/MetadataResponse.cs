// Made from Schema/Metadata.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Nodes, topics and partitions.</summary>
internal sealed class MetadataResponse : IResponse, IReadable<MetadataResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<MetadataResponseBroker> Brokers { get; set; } = [];

    public string? ClusterId { get; set; }

    public int ControllerId { get; set; } = -1;

    public List<MetadataResponseTopic> Topics { get; set; } = [];

    public int ClusterAuthorizedOperations { get; set; } = -2147483648;

    public ErrorCode ErrorCode { get; set; }

    public ApiKey Api => ApiKey.Metadata;

    public static MetadataResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 9;
        var read = new MetadataResponse();
        if (version >= 3)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Brokers, version, flexible, leastBytes: 10);
        if (version >= 2)
            read.ClusterId = reader.ReadNullableString(flexible);
        if (version >= 1)
            read.ControllerId = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 8);
        if (version is >= 8 and <= 10)
            read.ClusterAuthorizedOperations = reader.ReadInt32();
        if (version >= 13)
            read.ErrorCode = reader.ReadError();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 9;
        if (version >= 3)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Brokers, version, flexible);
        if (version >= 2)
            writer.WriteNullableString(ClusterId, flexible);
        if (version >= 1)
            writer.WriteInt32(ControllerId);
        writer.WriteArray(Topics, version, flexible);
        if (version is >= 8 and <= 10)
            writer.WriteInt32(ClusterAuthorizedOperations);
        else if (ClusterAuthorizedOperations != -2147483648)
            throw ProtocolWriter.NotInVersion("MetadataResponse.ClusterAuthorizedOperations", version);
        if (version >= 13)
            writer.WriteError(ErrorCode);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class MetadataResponseBroker : IMessage, IReadable<MetadataResponseBroker>
    {
        public int NodeId { get; set; }

        public string Host { get; set; } = "";

        public int Port { get; set; }

        public string? Rack { get; set; }

        public static MetadataResponseBroker Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new MetadataResponseBroker();
            read.NodeId = reader.ReadInt32();
            read.Host = reader.ReadString(flexible);
            read.Port = reader.ReadInt32();
            if (version >= 1)
                read.Rack = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteInt32(NodeId);
            writer.WriteString(Host, flexible);
            writer.WriteInt32(Port);
            if (version >= 1)
                writer.WriteNullableString(Rack, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class MetadataResponseTopic : IMessage, IReadable<MetadataResponseTopic>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? Name { get; set; } = "";

        public Guid TopicId { get; set; }

        public bool IsInternal { get; set; }

        public List<MetadataResponsePartition> Partitions { get; set; } = [];

        public int TopicAuthorizedOperations { get; set; } = -2147483648;

        public static MetadataResponseTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new MetadataResponseTopic();
            read.ErrorCode = reader.ReadError();
            read.Name = reader.ReadNullableString(flexible) ?? (version >= 12 ? null : throw reader.UnexpectedNull("Name"));
            if (version >= 10)
                read.TopicId = reader.ReadUuid();
            if (version >= 1)
                read.IsInternal = reader.ReadBoolean();
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 18);
            if (version >= 8)
                read.TopicAuthorizedOperations = reader.ReadInt32();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(Name ?? (version >= 12 ? null : throw ProtocolWriter.NotNullIn("MetadataResponseTopic.Name", version)), flexible);
            if (version >= 10)
                writer.WriteUuid(TopicId);
            if (version >= 1)
                writer.WriteBoolean(IsInternal);
            writer.WriteArray(Partitions, version, flexible);
            if (version >= 8)
                writer.WriteInt32(TopicAuthorizedOperations);
            else if (TopicAuthorizedOperations != -2147483648)
                throw ProtocolWriter.NotInVersion("MetadataResponseTopic.TopicAuthorizedOperations", version);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class MetadataResponsePartition : IMessage, IReadable<MetadataResponsePartition>
    {
        public ErrorCode ErrorCode { get; set; }

        public int PartitionIndex { get; set; }

        public int LeaderId { get; set; }

        public int LeaderEpoch { get; set; } = -1;

        public List<int> ReplicaNodes { get; set; } = [];

        public List<int> IsrNodes { get; set; } = [];

        public List<int> OfflineReplicas { get; set; } = [];

        public static MetadataResponsePartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new MetadataResponsePartition();
            read.ErrorCode = reader.ReadError();
            read.PartitionIndex = reader.ReadInt32();
            read.LeaderId = reader.ReadInt32();
            if (version >= 7)
                read.LeaderEpoch = reader.ReadInt32();
            reader.ReadInt32Array(read.ReplicaNodes, flexible);
            reader.ReadInt32Array(read.IsrNodes, flexible);
            if (version >= 5)
                reader.ReadInt32Array(read.OfflineReplicas, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            writer.WriteError(ErrorCode);
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt32(LeaderId);
            if (version >= 7)
                writer.WriteInt32(LeaderEpoch);
            writer.WriteInt32Array(ReplicaNodes, flexible);
            writer.WriteInt32Array(IsrNodes, flexible);
            if (version >= 5)
                writer.WriteInt32Array(OfflineReplicas, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
