// Made from Schema/Metadata.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks which nodes and topics there are, and who leads what.</summary>
internal sealed class MetadataRequest : IRequest<MetadataResponse>, IReadable<MetadataRequest>
{
    /// <summary>null for all; before version 1, empty for all.</summary>
    public List<MetadataRequestTopic>? Topics { get; set; } = [];

    public bool AllowAutoTopicCreation { get; set; } = true;

    public bool IncludeClusterAuthorizedOperations { get; set; }

    public bool IncludeTopicAuthorizedOperations { get; set; }

    public ApiKey Api => ApiKey.Metadata;

    public static MetadataRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 9;
        var read = new MetadataRequest();
        read.Topics = reader.ReadNullableArray<MetadataRequestTopic>(version, flexible, leastBytes: 2) ?? (version >= 1 ? null : throw reader.UnexpectedNull("Topics"));
        if (version >= 4)
            read.AllowAutoTopicCreation = reader.ReadBoolean();
        if (version is >= 8 and <= 10)
            read.IncludeClusterAuthorizedOperations = reader.ReadBoolean();
        if (version >= 8)
            read.IncludeTopicAuthorizedOperations = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 9;
        writer.WriteNullableArray(Topics ?? (version >= 1 ? null : throw ProtocolWriter.NotNullIn("MetadataRequest.Topics", version)), version, flexible);
        if (version >= 4)
            writer.WriteBoolean(AllowAutoTopicCreation);
        else if (!AllowAutoTopicCreation)
            throw ProtocolWriter.NotInVersion("MetadataRequest.AllowAutoTopicCreation", version);
        if (version is >= 8 and <= 10)
            writer.WriteBoolean(IncludeClusterAuthorizedOperations);
        else if (IncludeClusterAuthorizedOperations)
            throw ProtocolWriter.NotInVersion("MetadataRequest.IncludeClusterAuthorizedOperations", version);
        if (version >= 8)
            writer.WriteBoolean(IncludeTopicAuthorizedOperations);
        else if (IncludeTopicAuthorizedOperations)
            throw ProtocolWriter.NotInVersion("MetadataRequest.IncludeTopicAuthorizedOperations", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class MetadataRequestTopic : IMessage, IReadable<MetadataRequestTopic>
    {
        public Guid TopicId { get; set; }

        public string? Name { get; set; } = "";

        public static MetadataRequestTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 9;
            var read = new MetadataRequestTopic();
            if (version >= 10)
                read.TopicId = reader.ReadUuid();
            read.Name = reader.ReadNullableString(flexible) ?? (version >= 10 ? null : throw reader.UnexpectedNull("Name"));
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 9;
            if (version >= 10)
                writer.WriteUuid(TopicId);
            writer.WriteNullableString(Name ?? (version >= 10 ? null : throw ProtocolWriter.NotNullIn("MetadataRequestTopic.Name", version)), flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
