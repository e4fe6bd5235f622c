// Made from Schema/CreatePartitions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsRequest : IRequest<CreatePartitionsResponse>, IReadable<CreatePartitionsRequest>
{
    public List<CreatePartitionsTopic> Topics { get; set; } = [];

    public int TimeoutMs { get; set; }

    public bool ValidateOnly { get; set; }

    public ApiKey Api => ApiKey.CreatePartitions;

    public static CreatePartitionsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new CreatePartitionsRequest();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 7);
        read.TimeoutMs = reader.ReadInt32();
        read.ValidateOnly = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteArray(Topics, version, flexible);
        writer.WriteInt32(TimeoutMs);
        writer.WriteBoolean(ValidateOnly);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class CreatePartitionsTopic : IMessage, IReadable<CreatePartitionsTopic>
    {
        public string Name { get; set; } = "";

        /// <summary>As many there are to be in all.</summary>
        public int Count { get; set; }

        public List<CreatePartitionsAssignment>? Assignments { get; set; } = [];

        public static CreatePartitionsTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new CreatePartitionsTopic();
            read.Name = reader.ReadString(flexible);
            read.Count = reader.ReadInt32();
            read.Assignments = reader.ReadNullableArray<CreatePartitionsAssignment>(version, flexible, leastBytes: 2);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Name, flexible);
            writer.WriteInt32(Count);
            writer.WriteNullableArray(Assignments, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class CreatePartitionsAssignment : IMessage, IReadable<CreatePartitionsAssignment>
    {
        public List<int> BrokerIds { get; set; } = [];

        public static CreatePartitionsAssignment Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new CreatePartitionsAssignment();
            reader.ReadInt32Array(read.BrokerIds, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt32Array(BrokerIds, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
