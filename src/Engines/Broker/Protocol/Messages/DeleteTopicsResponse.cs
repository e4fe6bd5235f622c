// Made from Schema/DeleteTopics.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was removed, topic by topic.</summary>
internal sealed class DeleteTopicsResponse : IResponse, IReadable<DeleteTopicsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DeletableTopicResult> Responses { get; set; } = [];

    public ApiKey Api => ApiKey.DeleteTopics;

    public static DeleteTopicsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new DeleteTopicsResponse();
        if (version >= 1)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Responses, version, flexible, leastBytes: 4);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        if (version >= 1)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Responses, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DeletableTopicResult : IMessage, IReadable<DeletableTopicResult>
    {
        public string? Name { get; set; } = "";

        public Guid TopicId { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; }

        public static DeletableTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new DeletableTopicResult();
            read.Name = reader.ReadNullableString(flexible) ?? (version >= 6 ? null : throw reader.UnexpectedNull("Name"));
            if (version >= 6)
                read.TopicId = reader.ReadUuid();
            read.ErrorCode = reader.ReadError();
            if (version >= 5)
                read.ErrorMessage = reader.ReadNullableString(flexible: true);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteNullableString(Name ?? (version >= 6 ? null : throw ProtocolWriter.NotNullIn("DeletableTopicResult.Name", version)), flexible);
            if (version >= 6)
                writer.WriteUuid(TopicId);
            writer.WriteError(ErrorCode);
            if (version >= 5)
                writer.WriteNullableString(ErrorMessage, flexible: true);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
