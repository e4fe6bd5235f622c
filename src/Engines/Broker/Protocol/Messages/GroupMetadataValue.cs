// Made from Schema/GroupMetadataValue.data: change that, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>A group's state after a generation was agreed on, in <c>__consumer_offsets</c>.</summary>
internal sealed class GroupMetadataValue : IVersionedData, IReadable<GroupMetadataValue>
{
    public string ProtocolType { get; set; } = "";

    public int Generation { get; set; }

    public string? Protocol { get; set; } = "";

    public string? Leader { get; set; } = "";

    public long CurrentStateTimestamp { get; set; } = -1;

    public List<MemberMetadata> Members { get; set; } = [];

    public static short OldestVersion => 0;

    public static short NewestVersion => 4;

    public static GroupMetadataValue Read(ref ProtocolReader reader, short version)
    {
        var flexible = version >= 4;
        var read = new GroupMetadataValue();
        read.ProtocolType = reader.ReadString(flexible);
        read.Generation = reader.ReadInt32();
        read.Protocol = reader.ReadNullableString(flexible);
        read.Leader = reader.ReadNullableString(flexible);
        if (version >= 2)
            read.CurrentStateTimestamp = reader.ReadInt64();
        reader.ReadArray(read.Members, version, flexible, leastBytes: 15);
        if (flexible)
            reader.SkipTaggedFields();
        return read;
    }

    public void Write(ProtocolWriter writer, short version)
    {
        var flexible = version >= 4;
        writer.WriteString(ProtocolType, flexible);
        writer.WriteInt32(Generation);
        writer.WriteNullableString(Protocol, flexible);
        writer.WriteNullableString(Leader, flexible);
        if (version >= 2)
            writer.WriteInt64(CurrentStateTimestamp);
        writer.WriteArray(Members, version, flexible);
        if (flexible)
            writer.WriteUnsignedVarint(0);
    }

    internal sealed class MemberMetadata : IMessage, IReadable<MemberMetadata>
    {
        public string MemberId { get; set; } = "";

        public string? GroupInstanceId { get; set; }

        public string ClientId { get; set; } = "";

        public string ClientHost { get; set; } = "";

        public int RebalanceTimeout { get; set; } = -1;

        public int SessionTimeout { get; set; }

        public ReadOnlyMemory<byte> Subscription { get; set; }

        public ReadOnlyMemory<byte> Assignment { get; set; }

        public static MemberMetadata Read(ref ProtocolReader reader, short version)
        {
            var flexible = version >= 4;
            var read = new MemberMetadata();
            read.MemberId = reader.ReadString(flexible);
            if (version >= 3)
                read.GroupInstanceId = reader.ReadNullableString(flexible);
            read.ClientId = reader.ReadString(flexible);
            read.ClientHost = reader.ReadString(flexible);
            if (version >= 1)
                read.RebalanceTimeout = reader.ReadInt32();
            read.SessionTimeout = reader.ReadInt32();
            read.Subscription = reader.ReadBytes(flexible);
            read.Assignment = reader.ReadBytes(flexible);
            if (flexible)
                reader.SkipTaggedFields();
            return read;
        }

        public void Write(ProtocolWriter writer, short version)
        {
            var flexible = version >= 4;
            writer.WriteString(MemberId, flexible);
            if (version >= 3)
                writer.WriteNullableString(GroupInstanceId, flexible);
            writer.WriteString(ClientId, flexible);
            writer.WriteString(ClientHost, flexible);
            if (version >= 1)
                writer.WriteInt32(RebalanceTimeout);
            writer.WriteInt32(SessionTimeout);
            writer.WriteBytes(Subscription, flexible);
            writer.WriteBytes(Assignment, flexible);
            if (flexible)
                writer.WriteUnsignedVarint(0);
        }
    }
}
