// Made from Schema/DescribeLogDirs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Asks how much lies in the folders of logs.</summary>
internal sealed class DescribeLogDirsRequest : IRequest<DescribeLogDirsResponse>, IReadable<DescribeLogDirsRequest>
{
    /// <summary>null for all.</summary>
    public List<DescribableLogDirTopic>? Topics { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeLogDirs;

    public static DescribeLogDirsRequest Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DescribeLogDirsRequest();
        read.Topics = reader.ReadNullableArray<DescribableLogDirTopic>(version, flexible, leastBytes: 3);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteNullableArray(Topics, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribableLogDirTopic : IMessage, IReadable<DescribableLogDirTopic>
    {
        public string Topic { get; set; } = "";

        public List<int> Partitions { get; set; } = [];

        public static DescribableLogDirTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DescribableLogDirTopic();
            read.Topic = reader.ReadString(flexible);
            reader.ReadInt32Array(read.Partitions, flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Topic, flexible);
            writer.WriteInt32Array(Partitions, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
