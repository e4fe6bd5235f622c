// Made from Schema/IncrementalAlterConfigs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Changes some settings of topics and brokers, and leaves the others.</summary>
internal sealed class IncrementalAlterConfigsRequest : IRequest<IncrementalAlterConfigsResponse>, IReadable<IncrementalAlterConfigsRequest>
{
    public List<AlterConfigsResource> Resources { get; set; } = [];

    public bool ValidateOnly { get; set; }

    public ApiKey Api => ApiKey.IncrementalAlterConfigs;

    public static IncrementalAlterConfigsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 1;
        var read = new IncrementalAlterConfigsRequest();
        reader.ReadArray(read.Resources, version, flexible, leastBytes: 4);
        read.ValidateOnly = reader.ReadBoolean();
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 1;
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
            var flexible = version >= 1;
            var read = new AlterConfigsResource();
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            reader.ReadArray(read.Configs, version, flexible, leastBytes: 4);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 1;
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

        /// <summary>0: set; 1: to the default; 2: add to a list; 3: take from a list.</summary>
        public sbyte ConfigOperation { get; set; }

        public string? Value { get; set; } = "";

        public static AlterableConfig Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 1;
            var read = new AlterableConfig();
            read.Name = reader.ReadString(flexible);
            read.ConfigOperation = reader.ReadInt8();
            read.Value = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 1;
            writer.WriteString(Name, flexible);
            writer.WriteInt8(ConfigOperation);
            writer.WriteNullableString(Value, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
