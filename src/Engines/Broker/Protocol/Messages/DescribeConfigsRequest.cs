// Made from Schema/DescribeConfigs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks for the settings of topics and brokers.</summary>
internal sealed class DescribeConfigsRequest : IRequest<DescribeConfigsResponse>, IReadable<DescribeConfigsRequest>
{
    public List<DescribeConfigsResource> Resources { get; set; } = [];

    public bool IncludeSynonyms { get; set; }

    public bool IncludeDocumentation { get; set; }

    public ApiKey Api => ApiKey.DescribeConfigs;

    public static DescribeConfigsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new DescribeConfigsRequest();
        reader.ReadArray(read.Resources, version, flexible, leastBytes: 4);
        if (version >= 1)
            read.IncludeSynonyms = reader.ReadBoolean();
        if (version >= 3)
            read.IncludeDocumentation = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteArray(Resources, version, flexible);
        if (version >= 1)
            writer.WriteBoolean(IncludeSynonyms);
        else if (IncludeSynonyms)
            throw ProtocolWriter.NotInVersion("DescribeConfigsRequest.IncludeSynonyms", version);
        if (version >= 3)
            writer.WriteBoolean(IncludeDocumentation);
        else if (IncludeDocumentation)
            throw ProtocolWriter.NotInVersion("DescribeConfigsRequest.IncludeDocumentation", version);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeConfigsResource : IMessage, IReadable<DescribeConfigsResource>
    {
        public sbyte ResourceType { get; set; }

        public string ResourceName { get; set; } = "";

        /// <summary>null for all.</summary>
        public List<string>? ConfigurationKeys { get; set; } = [];

        public static DescribeConfigsResource Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new DescribeConfigsResource();
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            read.ConfigurationKeys = reader.ReadNullableStringArray(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteInt8(ResourceType);
            writer.WriteString(ResourceName, flexible);
            writer.WriteNullableStringArray(ConfigurationKeys, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
