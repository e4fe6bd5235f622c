// Made from Schema/IncrementalAlterConfigs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was changed, resource by resource.</summary>
internal sealed class IncrementalAlterConfigsResponse : IResponse, IReadable<IncrementalAlterConfigsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<AlterConfigsResourceResponse> Responses { get; set; } = [];

    public ApiKey Api => ApiKey.IncrementalAlterConfigs;

    public static IncrementalAlterConfigsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 1;
        var read = new IncrementalAlterConfigsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Responses, version, flexible, leastBytes: 6);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 1;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Responses, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class AlterConfigsResourceResponse : IMessage, IReadable<AlterConfigsResourceResponse>
    {
        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; } = "";

        public sbyte ResourceType { get; set; }

        public string ResourceName { get; set; } = "";

        public static AlterConfigsResourceResponse Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 1;
            var read = new AlterConfigsResourceResponse();
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible);
            read.ResourceType = reader.ReadInt8();
            read.ResourceName = reader.ReadString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 1;
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible);
            writer.WriteInt8(ResourceType);
            writer.WriteString(ResourceName, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
