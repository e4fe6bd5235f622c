// Made from Schema/GroupMetadataKey.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The key of a group's state, in <c>__consumer_offsets</c>.</summary>
internal sealed class GroupMetadataKey : IVersionedData, IReadable<GroupMetadataKey>
{
    public string Group { get; set; } = "";

    public static short OldestVersion => 2;

    public static short NewestVersion => 2;

    public static GroupMetadataKey Read(ref ProtocolReader reader, short version)
    {
        var read = new GroupMetadataKey();
        read.Group = reader.ReadString(flexible: false);
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        writer.WriteString(Group, flexible: false);
    }
}
