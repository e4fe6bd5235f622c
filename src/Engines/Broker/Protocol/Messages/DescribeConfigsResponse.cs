// Made from Schema/DescribeConfigs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Settings with their values, and where those come from.</summary>
internal sealed class DescribeConfigsResponse : IResponse, IReadable<DescribeConfigsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<DescribeConfigsResult> Results { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeConfigs;

    public static DescribeConfigsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new DescribeConfigsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Results, version, flexible, leastBytes: 7);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Results, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeConfigsResult : IMessage, IReadable<DescribeConfigsResult>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; } = "";

        public sbyte ResourceType { get; set; }

        public string ResourceName { get; set; } = "";

        public List<DescribeConfigsResourceResult> Configs { get; set; } = [];

        public static DescribeConfigsResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new DescribeConfigsResult();
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible);
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            reader.ReadArray(read.Configs, version, flexible, leastBytes: 7);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible);
            writer.WriteInt8(ResourceType);
            writer.WriteString(ResourceName, flexible);
            writer.WriteArray(Configs, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribeConfigsResourceResult : IMessage, IReadable<DescribeConfigsResourceResult>
    {
        public string Name { get; set; } = "";

        public string? Value { get; set; } = "";

        public bool ReadOnly { get; set; }

        public bool IsDefault { get; set; }

        public sbyte ConfigSource { get; set; } = -1;

        public bool IsSensitive { get; set; }

        public List<DescribeConfigsSynonym> Synonyms { get; set; } = [];

        public sbyte ConfigType { get; set; }

        public string? Documentation { get; set; } = "";

        public static DescribeConfigsResourceResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new DescribeConfigsResourceResult();
            read.Name = reader.ReadString(flexible);
            read.Value = reader.ReadNullableString(flexible);
            read.ReadOnly = reader.ReadBoolean();
            if (version == 0)
                read.IsDefault = reader.ReadBoolean();
            if (version >= 1)
                read.ConfigSource = reader.ReadInt8();
            read.IsSensitive = reader.ReadBoolean();
            if (version >= 1)
                reader.ReadArray(read.Synonyms, version, flexible, leastBytes: 4);
            if (version >= 3)
                read.ConfigType = reader.ReadInt8();
            if (version >= 3)
                read.Documentation = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(Name, flexible);
            writer.WriteNullableString(Value, flexible);
            writer.WriteBoolean(ReadOnly);
            if (version == 0)
                writer.WriteBoolean(IsDefault);
            else if (IsDefault)
                throw ProtocolWriter.NotInVersion("DescribeConfigsResourceResult.IsDefault", version);
            if (version >= 1)
                writer.WriteInt8(ConfigSource);
            writer.WriteBoolean(IsSensitive);
            if (version >= 1)
                writer.WriteArray(Synonyms, version, flexible);
            if (version >= 3)
                writer.WriteInt8(ConfigType);
            if (version >= 3)
                writer.WriteNullableString(Documentation, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribeConfigsSynonym : IMessage, IReadable<DescribeConfigsSynonym>
    {
        public string Name { get; set; } = "";

        public string? Value { get; set; } = "";

        public sbyte Source { get; set; }

        public static DescribeConfigsSynonym Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new DescribeConfigsSynonym();
            read.Name = reader.ReadString(flexible);
            read.Value = reader.ReadNullableString(flexible);
            read.Source = reader.ReadInt8();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(Name, flexible);
            writer.WriteNullableString(Value, flexible);
            writer.WriteInt8(Source);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
