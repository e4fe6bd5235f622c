using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Storage;

/// <summary>What records of the groups' log say.</summary>
internal interface IGroupRecordReader
{
    /// <summary>A group has committed an offset; null: it has none any more.</summary>
    void Offset(string group, TopicPartition partition, in CommittedOffset? offset);

    /// <summary>A group has come to a state; null: it is deleted.</summary>
    void State(string group, GroupSnapshot? snapshot);
}

/// <summary>
/// The records of the groups' log in the formats of Kafka's <c>__consumer_offsets</c>, so that its tools read them, and a log of Kafka's
/// can be taken over.
/// </summary>
/// <remarks>The version before a key tells the kinds apart: 0 and 1 are offsets, 2 is a group. Others are of protocols that are not known
/// here, and are left alone. Values are written in the newest version that all brokers since Kafka 2.3 read.</remarks>
internal static class GroupRecords
{
    private const short OffsetKey = 1;
    private const short OffsetValue = 3;

    // The only version that says when an offset expires.
    private const short ExpiringOffsetValue = 1;
    private const short GroupKey = 2;
    private const short GroupValue = 3;

    [ThreadStatic]
    private static ProtocolWriter? _writer;

    /// <summary>A group has committed an offset.</summary>
    public static GroupRecord Offset(string group, TopicPartition partition, in CommittedOffset offset)
    {
        var value = new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommittedAtUnixMs,
            ExpireTimestamp = offset.ExpiresAtUnixMs,
        };
        return new GroupRecord(KeyOf(group, partition), Write(value, offset.ExpiresAtUnixMs >= 0 ? ExpiringOffsetValue : OffsetValue));
    }

    /// <summary>A group has no offset for a partition any more.</summary>
    public static GroupRecord NoOffset(string group, TopicPartition partition) => new(KeyOf(group, partition), null);

    /// <summary>A group has come to a state.</summary>
    public static GroupRecord State(GroupSnapshot snapshot)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = snapshot.ProtocolType,
            Generation = snapshot.Generation,
            Protocol = snapshot.Protocol,
            Leader = snapshot.Leader,
            CurrentStateTimestamp = snapshot.StateSinceUnixMs,
            Members =
            [
                .. snapshot.Members.Select(member => new GroupMetadataValue.MemberMetadata
                {
                    MemberId = member.Identity.MemberId,
                    GroupInstanceId = member.Identity.InstanceId,
                    ClientId = member.ClientId,
                    ClientHost = member.ClientHost,
                    RebalanceTimeout = member.RebalanceTimeoutMs,
                    SessionTimeout = member.SessionTimeoutMs,
                    Subscription = member.Subscription,
                    Assignment = member.Assignment,
                }),
            ],
        };
        return new GroupRecord(KeyOf(snapshot.Group), Write(value, GroupValue));
    }

    /// <summary>A group is deleted.</summary>
    public static GroupRecord NoState(string group) => new(KeyOf(group), null);

    /// <summary>Tells what a record says.</summary>
    /// <exception cref="ProtocolException">It is not formed as it should be.</exception>
    public static void Read(in GroupRecord record, IGroupRecordReader into)
    {
        switch (VersionedData.Version(record.Key.Span))
        {
            case 0 or OffsetKey:
                var key = VersionedData.Read<OffsetCommitKey>(record.Key);
                into.Offset(key.Group, new TopicPartition(key.Topic, key.Partition), record.Value is { } offset ? OffsetOf(offset) : null);
                break;
            case GroupKey:
                var group = VersionedData.Read<GroupMetadataKey>(record.Key).Group;
                into.State(group, record.Value is { } state ? StateOf(group, state) : null);
                break;
        }
    }

    private static CommittedOffset OffsetOf(ReadOnlyMemory<byte> bytes)
    {
        var value = VersionedData.Read<OffsetCommitValue>(bytes);
        return new CommittedOffset(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp);
    }

    // A member's bytes are copied: they outlive what was read.
    private static GroupSnapshot StateOf(string group, ReadOnlyMemory<byte> bytes)
    {
        var value = VersionedData.Read<GroupMetadataValue>(bytes);
        return new GroupSnapshot
        {
            Group = group,
            ProtocolType = value.ProtocolType,
            Generation = value.Generation,
            Protocol = value.Protocol,
            Leader = value.Leader,
            StateSinceUnixMs = value.CurrentStateTimestamp,
            Members =
            [
                .. value.Members.Select(member => new MemberSnapshot
                {
                    Identity = new MemberIdentity(member.MemberId, member.GroupInstanceId),
                    ClientId = member.ClientId,
                    ClientHost = member.ClientHost,
                    SessionTimeoutMs = member.SessionTimeout,
                    RebalanceTimeoutMs = member.RebalanceTimeout >= 0 ? member.RebalanceTimeout : member.SessionTimeout,
                    Subscription = member.Subscription.ToArray(),
                    Assignment = member.Assignment.ToArray(),
                }),
            ],
        };
    }

    private static byte[] KeyOf(string group) => Write(new GroupMetadataKey { Group = group }, GroupKey);

    private static byte[] KeyOf(string group, TopicPartition partition) =>
        Write(new OffsetCommitKey { Group = group, Topic = partition.Topic, Partition = partition.Partition }, OffsetKey);

    // One writer a thread: a commit's records are written with every commit.
    private static byte[] Write<T>(T data, short version)
        where T : IVersionedData
    {
        _writer ??= new ProtocolWriter();
        try
        {
            _writer.WriteInt16(version);
            data.Write(_writer, version);
            return _writer.ToArray();
        }
        finally
        {
            _writer.Clear();
        }
    }
}
