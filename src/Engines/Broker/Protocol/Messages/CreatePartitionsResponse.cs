// Made from Schema/CreatePartitions.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>What was done, topic by topic.</summary>
internal sealed class CreatePartitionsResponse : IResponse, IReadable<CreatePartitionsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public List<CreatePartitionsTopicResult> Results { get; set; } = [];

    public ApiKey Api => ApiKey.CreatePartitions;

    public static CreatePartitionsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new CreatePartitionsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        reader.ReadArray(read.Results, version, flexible, leastBytes: 5);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        writer.WriteArray(Results, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class CreatePartitionsTopicResult : IMessage, IReadable<CreatePartitionsTopicResult>
    {
        public string Name { get; set; } = "";

        public ErrorCode ErrorCode { get; set; }

        public string? ErrorMessage { get; set; }

        public static CreatePartitionsTopicResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new CreatePartitionsTopicResult();
            read.Name = reader.ReadString(flexible);
            read.ErrorCode = reader.ReadError();
            read.ErrorMessage = reader.ReadNullableString(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Name, flexible);
            writer.WriteError(ErrorCode);
            writer.WriteNullableString(ErrorMessage, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
