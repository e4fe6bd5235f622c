// Made from Schema/OffsetFetch.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks how far groups have read.</summary>
internal sealed class OffsetFetchRequest : IRequest<OffsetFetchResponse>, IReadable<OffsetFetchRequest>
{
    public string GroupId { get; set; } = "";

    public List<OffsetFetchRequestTopic>? Topics { get; set; } = [];

    public List<OffsetFetchRequestGroup> Groups { get; set; } = [];

    /// <summary>Wait for transactions that are going to commit offsets.</summary>
    public bool RequireStable { get; set; }

    public ApiKey Api => ApiKey.OffsetFetch;

    public static OffsetFetchRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 6;
        var read = new OffsetFetchRequest();
        if (version <= 7)
            read.GroupId = reader.ReadString(flexible);
        if (version <= 7)
            read.Topics = reader.ReadNullableArray<OffsetFetchRequestTopic>(version, flexible, leastBytes: 3) ?? (version >= 2 ? null : throw reader.UnexpectedNull("Topics"));
        if (version >= 8)
            reader.ReadArray(read.Groups, version, flexible: true, leastBytes: 3);
        if (version >= 7)
            read.RequireStable = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 6;
        if (version <= 7)
            writer.WriteString(GroupId, flexible);
        else if (GroupId.Length > 0)
            throw ProtocolWriter.NotInVersion("OffsetFetchRequest.GroupId", version);
        if (version <= 7)
            writer.WriteNullableArray(Topics ?? (version >= 2 ? null : throw ProtocolWriter.NotNullIn("OffsetFetchRequest.Topics", version)), version, flexible);
        else if (Topics is not { Count: 0 })
            throw ProtocolWriter.NotInVersion("OffsetFetchRequest.Topics", version);
        if (version >= 8)
            writer.WriteArray(Groups, version, flexible: true);
        else if (Groups.Count > 0)
            throw ProtocolWriter.NotInVersion("OffsetFetchRequest.Groups", version);
        if (version >= 7)
            writer.WriteBoolean(RequireStable);
        else if (RequireStable)
            throw ProtocolWriter.NotInVersion("OffsetFetchRequest.RequireStable", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class OffsetFetchRequestTopic : IMessage, IReadable<OffsetFetchRequestTopic>
    {
        public string Name { get; set; } = "";

        public List<int> PartitionIndexes { get; set; } = [];

        public static OffsetFetchRequestTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 6;
            var read = new OffsetFetchRequestTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadInt32Array(read.PartitionIndexes, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 6;
            writer.WriteString(Name, flexible);
            writer.WriteInt32Array(PartitionIndexes, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetFetchRequestGroup : IMessage, IReadable<OffsetFetchRequestGroup>
    {
        public string GroupId { get; set; } = "";

        public string? MemberId { get; set; }

        public int MemberEpoch { get; set; } = -1;

        public List<OffsetFetchRequestTopics>? Topics { get; set; } = [];

        public static OffsetFetchRequestGroup Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetFetchRequestGroup();
            read.GroupId = reader.ReadString(flexible: true);
            if (version >= 9)
                read.MemberId = reader.ReadNullableString(flexible: true);
            if (version >= 9)
                read.MemberEpoch = reader.ReadInt32();
            read.Topics = reader.ReadNullableArray<OffsetFetchRequestTopics>(version, flexible: true, leastBytes: 3);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(GroupId, flexible: true);
            if (version >= 9)
                writer.WriteNullableString(MemberId, flexible: true);
            if (version >= 9)
                writer.WriteInt32(MemberEpoch);
            writer.WriteNullableArray(Topics, version, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class OffsetFetchRequestTopics : IMessage, IReadable<OffsetFetchRequestTopics>
    {
        public string Name { get; set; } = "";

        public List<int> PartitionIndexes { get; set; } = [];

        public static OffsetFetchRequestTopics Read(ref ProtocolReader reader, short version)
        {
            var read = new OffsetFetchRequestTopics();
            read.Name = reader.ReadString(flexible: true);
            reader.ReadInt32Array(read.PartitionIndexes, flexible: true);
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteInt32Array(PartitionIndexes, flexible: true);
            writer.WriteUnsignedVarint(0);
        }
    }
}
