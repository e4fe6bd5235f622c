// Made from Schema/AlterConfigs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Replaces all settings of topics and brokers.</summary>
internal sealed class AlterConfigsRequest : IRequest<AlterConfigsResponse>, IReadable<AlterConfigsRequest>
{
    public List<AlterConfigsResource> Resources { get; set; } = [];

    public bool ValidateOnly { get; set; }

    public ApiKey Api => ApiKey.AlterConfigs;

    public static AlterConfigsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new AlterConfigsRequest();
        reader.ReadArray(read.Resources, version, flexible, leastBytes: 4);
        read.ValidateOnly = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteArray(Resources, version, flexible);
        writer.WriteBoolean(ValidateOnly);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class AlterConfigsResource : IMessage, IReadable<AlterConfigsResource>
    {
        public sbyte ResourceType { get; set; }

        public string ResourceName { get; set; } = "";

        public List<AlterableConfig> Configs { get; set; } = [];

        public static AlterConfigsResource Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new AlterConfigsResource();
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            reader.ReadArray(read.Configs, version, flexible, leastBytes: 3);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt8(ResourceType);
            writer.WriteString(ResourceName, flexible);
            writer.WriteArray(Configs, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class AlterableConfig : IMessage, IReadable<AlterableConfig>
    {
        public string Name { get; set; } = "";

        public string? Value { get; set; } = "";

        public static AlterableConfig Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new AlterableConfig();
            read.Name = reader.ReadString(flexible);
            read.Value = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Name, flexible);
            writer.WriteNullableString(Value, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
