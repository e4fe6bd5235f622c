// Made from Schema/CreateTopics.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was made, topic by topic.</summary>
internal sealed class CreateTopicsResponse : IResponse, IReadable<CreateTopicsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<CreatableTopicResult> Topics { get; set; } = [];

    public ApiKey Api => ApiKey.CreateTopics;

    public static CreateTopicsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 5;
        var read = new CreateTopicsResponse();
        if (version >= 2)
            read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Topics, version, flexible, leastBytes: 4);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 5;
        if (version >= 2)
            writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class CreatableTopicResult : IMessage, IReadable<CreatableTopicResult>
    {
        public string Name { get; set; } = "";

        public Guid TopicId { get; set; }

        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; } = "";

        public ErrorCode TopicConfigErrorCode { get; set; }

        public int NumPartitions { get; set; } = -1;

        public short ReplicationFactor { get; set; } = -1;

        public List<CreatableTopicConfigs>? Configs { get; set; } = [];

        public static CreatableTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 5;
            var read = new CreatableTopicResult();
            read.Name = reader.ReadString(flexible);
            if (version >= 7)
                read.TopicId = reader.ReadUuid();
            read.ErrorCode = reader.ReadError();
            if (version >= 1)
                read.ErrorMessage = reader.ReadNullableString(flexible);
            if (version >= 5)
                read.NumPartitions = reader.ReadInt32();
            if (version >= 5)
                read.ReplicationFactor = reader.ReadInt16();
            if (version >= 5)
                read.Configs = reader.ReadNullableArray<CreatableTopicConfigs>(version, flexible: true, leastBytes: 6);
            if (!flexible)
                return read;
            for (var left = reader.ReadTagCount(); left > 0; left--)
            {
                var tag = reader.ReadTag(out var end);
                switch (tag)
                {
                    case 0:
                        read.TopicConfigErrorCode = reader.ReadError();
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
            var flexible = version >= 5;
            writer.WriteString(Name, flexible);
            if (version >= 7)
                writer.WriteUuid(TopicId);
            writer.WriteError(ErrorCode);
            if (version >= 1)
                writer.WriteNullableString(ErrorMessage, flexible);
            if (version >= 5)
                writer.WriteInt32(NumPartitions);
            if (version >= 5)
                writer.WriteInt16(ReplicationFactor);
            if (version >= 5)
                writer.WriteNullableArray(Configs, version, flexible: true);
            if (!flexible)
                return;
            var tags = 0u;
            if (TopicConfigErrorCode != ErrorCode.None)
                tags++;
            writer.WriteUnsignedVarint(tags);
            if (TopicConfigErrorCode != ErrorCode.None)
            {
                writer.BeginTag().WriteError(TopicConfigErrorCode);
                writer.EndTag(0);
            }
        }
    }

    internal sealed class CreatableTopicConfigs : IMessage, IReadable<CreatableTopicConfigs>
    {
        public string Name { get; set; } = "";

        public string? Value { get; set; } = "";

        public bool ReadOnly { get; set; }

        public sbyte ConfigSource { get; set; } = -1;

        public bool IsSensitive { get; set; }

        public static CreatableTopicConfigs Read(ref ProtocolReader reader, short version)
        {
            var read = new CreatableTopicConfigs();
            read.Name = reader.ReadString(flexible: true);
            read.Value = reader.ReadNullableString(flexible: true);
            read.ReadOnly = reader.ReadBoolean();
            read.ConfigSource = reader.ReadInt8();
            read.IsSensitive = reader.ReadBoolean();
            reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            writer.WriteString(Name, flexible: true);
            writer.WriteNullableString(Value, flexible: true);
            writer.WriteBoolean(ReadOnly);
            writer.WriteInt8(ConfigSource);
            writer.WriteBoolean(IsSensitive);
            writer.WriteUnsignedVarint(0);
        }
    }
}
