// Made from Schema/DeleteTopics.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Removes topics, by name or by id.</summary>
internal sealed class DeleteTopicsRequest : IRequest<DeleteTopicsResponse>, IReadable<DeleteTopicsRequest>
{
    public List<DeleteTopicState> Topics { get; set; } = [];

    public List<string> TopicNames { get; set; } = [];

    public int TimeoutMs { get; set; }

    public ApiKey Api => ApiKey.DeleteTopics;

    public static DeleteTopicsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new DeleteTopicsRequest();
        if (version >= 6)
            reader.ReadArray(read.Topics, version, flexible: true, leastBytes: 18);
        if (version <= 5)
            reader.ReadStringArray(read.TopicNames, flexible);
        read.TimeoutMs = reader.ReadInt32();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 6)
            writer.WriteArray(Topics, version, flexible: true);
        else if (Topics.Count > 0)
            throw ProtocolWriter.NotInVersion("DeleteTopicsRequest.Topics", version);
        if (version <= 5)
            writer.WriteStringArray(TopicNames, flexible);
        writer.WriteInt32(TimeoutMs);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DeleteTopicState : IMessage, IReadable<DeleteTopicState>
    {
        public string? Name { get; set; }

        public Guid TopicId { get; set; }

        public static DeleteTopicState Read(ref ProtocolReader reader, short version)
        {
            var read = new DeleteTopicState();
            read.Name = reader.ReadNullableString(flexible: true);
            read.TopicId = reader.ReadUuid();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteNullableString(Name, flexible: true);
            writer.WriteUuid(TopicId);
            writer.WriteUnsignedVarint(0);
        }
    }
}
