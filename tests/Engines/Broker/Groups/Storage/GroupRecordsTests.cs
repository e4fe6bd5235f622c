using System.Text;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;

namespace Groundwork.Broker.Tests.Groups.Storage;

public sealed class GroupRecordsTests
{
    [Fact]
    public void An_offset_is_written_byte_by_byte_as_Kafka_writes_it()
    {
        var record = GroupRecords.Offset("g", new TopicPartition("t", 3), new CommittedOffset(258, 5, "m", 0x0102030405060708));

        Assert.Equal([0, 1, 0, 1, (byte)'g', 0, 1, (byte)'t', 0, 0, 0, 3], record.Key.ToArray());
        Assert.Equal(
            [0, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 5, 0, 1, (byte)'m', 1, 2, 3, 4, 5, 6, 7, 8],
            record.Value!.Value.ToArray());
    }

    [Fact]
    public void An_empty_group_is_written_byte_by_byte_as_Kafka_writes_it()
    {
        var record = GroupRecords.State(new GroupSnapshot { Group = "g", ProtocolType = "consumer", Generation = 2, StateSinceUnixMs = 3 });

        Assert.Equal([0, 2, 0, 1, (byte)'g'], record.Key.ToArray());
        Assert.Equal(
            [0, 3, 0, 8, .. Encoding.UTF8.GetBytes("consumer"), 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0],
            record.Value!.Value.ToArray());
    }

    [Fact]
    public void Offsets_are_read_as_they_were_written_those_that_expire_by_their_clients_will_too()
    {
        CommittedOffset[] offsets = [new(1, 2, "note", 3), new(long.MaxValue, -1, "", 4), new(5, -1, "ümlaut", 6, ExpiresAtUnixMs: 7)];
        foreach (var offset in offsets)
        {
            var read = Read(GroupRecords.Offset("g", new TopicPartition("t", 1), offset));
            Assert.Equal(("g", new TopicPartition("t", 1), (CommittedOffset?)offset), Assert.Single(read.Offsets));
        }
    }

    [Fact]
    public void Deletions_are_read_as_such()
    {
        Assert.Null(Assert.Single(Read(GroupRecords.NoOffset("g", new TopicPartition("t", 1))).Offsets).Offset);
        Assert.Equal(("g", null), Assert.Single(Read(GroupRecords.NoState("g")).States));
    }

    [Fact]
    public void A_group_is_read_as_it_was_written()
    {
        var snapshot = new GroupSnapshot
        {
            Group = "g",
            ProtocolType = "consumer",
            Generation = 7,
            Protocol = "range",
            Leader = "a-1",
            StateSinceUnixMs = 8,
            Members =
            [
                new MemberSnapshot
                {
                    Identity = new MemberIdentity("a-1", "one"),
                    ClientId = "a",
                    ClientHost = "/127.0.0.1",
                    SessionTimeoutMs = 9,
                    RebalanceTimeoutMs = 10,
                    Subscription = new byte[] { 1, 2 },
                    Assignment = new byte[] { 3 },
                },
            ],
        };
        var (group, read) = Assert.Single(Read(GroupRecords.State(snapshot)).States);

        Assert.Equal("g", group);
        Assert.Equivalent(snapshot with { Members = [] }, read! with { Members = [] }, strict: true);
        var (written, member) = (snapshot.Members[0], Assert.Single(read!.Members));
        Assert.Equal(written with { Subscription = default, Assignment = default }, member with { Subscription = default, Assignment = default });
        Assert.Equal([1, 2], member.Subscription.ToArray());
        Assert.Equal([3], member.Assignment.ToArray());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 47)] // 97
    [InlineData("test", 48)] // 3556498
    [InlineData("console-consumer-1", 24)] // 35782224
    [InlineData("polygenelubricants", 0)] // -2147483648
    public void A_group_lies_where_Java_would_look_for_it(string group, int partition)
    {
        Assert.Equal(partition, GroupPartitions.Of(group, 50));
    }

    private static Told Read(GroupRecord record)
    {
        var told = new Told();
        GroupRecords.Read(record, told);
        return told;
    }

    private sealed class Told : IGroupRecordReader
    {
        public List<(string Group, TopicPartition Partition, CommittedOffset? Offset)> Offsets { get; } = [];

        public List<(string Group, GroupSnapshot? State)> States { get; } = [];

        public void Offset(string group, TopicPartition partition, in CommittedOffset? offset) => Offsets.Add((group, partition, offset));

        public void State(string group, GroupSnapshot? snapshot) => States.Add((group, snapshot));
    }
}
