// Made from Schema/OffsetCommitKey.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The key of a committed offset, in <c>__consumer_offsets</c>.</summary>
internal sealed class OffsetCommitKey : IVersionedData, IReadable<OffsetCommitKey>
{
    public string Group { get; set; } = "";

    public string Topic { get; set; } = "";

    public int Partition { get; set; }

    public static short OldestVersion => 0;

    public static short NewestVersion => 1;

    public static OffsetCommitKey Read(ref ProtocolReader reader, short version)
    {
        var read = new OffsetCommitKey();
        read.Group = reader.ReadString(flexible: false);
        read.Topic = reader.ReadString(flexible: false);
        read.Partition = reader.ReadInt32();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteString(Group, flexible: false);
        writer.WriteString(Topic, flexible: false);
        writer.WriteInt32(Partition);
    }
}
