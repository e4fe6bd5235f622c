// Made from Schema/DescribeLogDirs.api: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>Folders, with the partitions in them and their sizes.</summary>
internal sealed class DescribeLogDirsResponse : IResponse, IReadable<DescribeLogDirsResponse>
{
    public int ThrottleTimeMs { get; set; }

    public ErrorCode ErrorCode { get; set; }

    public List<DescribeLogDirsResult> Results { get; set; } = [];

    public ApiKey Api => ApiKey.DescribeLogDirs;

    public static DescribeLogDirsResponse Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 2;
        var read = new DescribeLogDirsResponse();
        read.ThrottleTimeMs = reader.ReadInt32();
        if (version >= 3)
            read.ErrorCode = reader.ReadError();
        reader.ReadArray(read.Results, version, flexible, leastBytes: 5);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 2;
        writer.WriteInt32(ThrottleTimeMs);
        if (version >= 3)
            writer.WriteError(ErrorCode);
        writer.WriteArray(Results, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class DescribeLogDirsResult : IMessage, IReadable<DescribeLogDirsResult>
    {
        public ErrorCode ErrorCode { get; set; }

        public string LogDir { get; set; } = "";

        public List<DescribeLogDirsTopic> Topics { get; set; } = [];

        public long TotalBytes { get; set; } = -1;

        public long UsableBytes { get; set; } = -1;

        public static DescribeLogDirsResult Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DescribeLogDirsResult();
            read.ErrorCode = reader.ReadError();
            read.LogDir = reader.ReadString(flexible);
            reader.ReadArray(read.Topics, version, flexible, leastBytes: 3);
            if (version >= 4)
                read.TotalBytes = reader.ReadInt64();
            if (version >= 4)
                read.UsableBytes = reader.ReadInt64();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteError(ErrorCode);
            writer.WriteString(LogDir, flexible);
            writer.WriteArray(Topics, version, flexible);
            if (version >= 4)
                writer.WriteInt64(TotalBytes);
            if (version >= 4)
                writer.WriteInt64(UsableBytes);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribeLogDirsTopic : IMessage, IReadable<DescribeLogDirsTopic>
    {
        public string Name { get; set; } = "";

        public List<DescribeLogDirsPartition> Partitions { get; set; } = [];

        public static DescribeLogDirsTopic Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DescribeLogDirsTopic();
            read.Name = reader.ReadString(flexible);
            reader.ReadArray(read.Partitions, version, flexible, leastBytes: 21);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteString(Name, flexible);
            writer.WriteArray(Partitions, version, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }

    internal sealed class DescribeLogDirsPartition : IMessage, IReadable<DescribeLogDirsPartition>
    {
        public int PartitionIndex { get; set; }

        public long PartitionSize { get; set; }

        public long OffsetLag { get; set; }

        public bool IsFutureKey { get; set; }

        public static DescribeLogDirsPartition Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 2;
            var read = new DescribeLogDirsPartition();
            read.PartitionIndex = reader.ReadInt32();
            read.PartitionSize = reader.ReadInt64();
            read.OffsetLag = reader.ReadInt64();
            read.IsFutureKey = reader.ReadBoolean();
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 2;
            writer.WriteInt32(PartitionIndex);
            writer.WriteInt64(PartitionSize);
            writer.WriteInt64(OffsetLag);
            writer.WriteBoolean(IsFutureKey);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
