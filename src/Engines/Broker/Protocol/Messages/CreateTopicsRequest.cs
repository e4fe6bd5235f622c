// Made from Schema/CreateTopics.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Makes topics.</summary>
internal sealed class CreateTopicsRequest : IRequest<CreateTopicsResponse>, IReadable<CreateTopicsRequest>
{
    public List<CreatableTopic> Topics { get; set; } = [];

    public int TimeoutMs { get; set; } = 60000;

    public bool ValidateOnly { get; set; }

    public ApiKey Api => ApiKey.CreateTopics;

    public static CreateTopicsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 5;
        var read = new CreateTopicsRequest();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 10);
        read.TimeoutMs = reader.ReadInt32();
        if (version >= 1)
            read.ValidateOnly = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 5;
        writer.WriteArray(Topics, version, flexible);
        writer.WriteInt32(TimeoutMs);
        if (version >= 1)
            writer.WriteBoolean(ValidateOnly);
        else if (ValidateOnly)
            throw ProtocolWriter.NotInVersion("CreateTopicsRequest.ValidateOnly", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class CreatableTopic : IMessage, IReadable<CreatableTopic>
    {
        public string Name { get; set; } = "";

        /// <summary>-1 for the broker's default.</summary>
        public int NumPartitions { get; set; }

        /// <summary>-1 for the broker's default.</summary>
        public short ReplicationFactor { get; set; }

        public List<CreatableReplicaAssignment> Assignments { get; set; } = [];

        public List<CreatableTopicConfig> Configs { get; set; } = [];

        public static CreatableTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new CreatableTopic();
            read.Name = reader.ReadString(flexible);
            read.NumPartitions = reader.ReadInt32();
            read.ReplicationFactor = reader.ReadInt16();
            reader.ReadArray(read.Assignments, version, flexible, leastBytes: 6);
            reader.ReadArray(read.Configs, version, flexible, leastBytes: 3);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.WriteString(Name, flexible);
            writer.WriteInt32(NumPartitions);
            writer.WriteInt16(ReplicationFactor);
            writer.WriteArray(Assignments, version, flexible);
            writer.WriteArray(Configs, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class CreatableReplicaAssignment : IMessage, IReadable<CreatableReplicaAssignment>
    {
        public int PartitionIndex { get; set; }

        public List<int> BrokerIds { get; set; } = [];

        public static CreatableReplicaAssignment Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new CreatableReplicaAssignment();
            read.PartitionIndex = reader.ReadInt32();
            reader.ReadInt32Array(read.BrokerIds, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt32Array(BrokerIds, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class CreatableTopicConfig : IMessage, IReadable<CreatableTopicConfig>
    {
        public string Name { get; set; } = "";

        public string? Value { get; set; } = "";

        public static CreatableTopicConfig Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new CreatableTopicConfig();
            read.Name = reader.ReadString(flexible);
            read.Value = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 5;
            writer.WriteString(Name, flexible);
            writer.WriteNullableString(Value, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
