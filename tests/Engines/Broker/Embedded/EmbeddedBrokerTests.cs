using Groundwork.Broker.Embedded;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Node;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker.Tests.Embedded;

/// <summary>What is promised of the broker in the process beside the port's contract.</summary>
public sealed class EmbeddedBrokerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_append_that_finds_no_memory_is_refused_and_appends_nothing()
    {
        await using var node = await BrokerNode.OpenAsync(new MemoryDisk(), new NodeOptions { RequestMemory = 10_000 }, TimeProvider.System, Token);
        await using var broker = new EmbeddedBroker(node);
        await broker.EnsureTopicAsync(new TopicSpec("topic"), Token);
        var others = node.Memory.TryTake(10_000);

        var refused = await Assert.ThrowsAsync<BrokerException>(async () => await broker.AppendAsync("topic", [new(null, new byte[10])], Token));
        others!.Dispose();

        Assert.Equal(BrokerFault.Unavailable, refused.Fault);
        Assert.Equal(new RecordPlace(0, 0), Assert.Single(await broker.AppendAsync("topic", [new(null, new byte[10])], Token)));
        Assert.Equal(0, node.Memory.Taken);
    }

    [Fact]
    public async Task What_the_broker_keeps_for_itself_is_not_written_to()
    {
        await using var broker = await TestBroker.StartAsync(cancellationToken: Token);

        foreach (var call in new Func<Task>[]
        {
            async () => await broker.Broker.EnsureTopicAsync(new TopicSpec("__consumer_offsets"), Token),
            async () => await broker.Broker.AppendAsync("__consumer_offsets", [new(null, new byte[1])], Token),
        })
            Assert.Equal(BrokerFault.Refused, (await Assert.ThrowsAsync<BrokerException>(call)).Fault);
    }

    [Fact]
    public void Partitions_are_shared_out_evenly_among_those_who_want_their_topic()
    {
        JoinedMember[] members =
        [
            new("b", null, RangeAssignor.Subscribe(["orders", "clicks"])),
            new("a", null, RangeAssignor.Subscribe(["orders"])),
            new("c", null, new byte[] { 1 }), // wants what nobody can read
        ];

        var given = RangeAssignor.Assign(members, topic => topic == "orders" ? 5 : 2)
            .ToDictionary(one => one.MemberId, one => RangeAssignor.Read(one.Assignment).Select(partition => $"{partition.Topic}-{partition.Partition}"));

        Assert.Equal(["orders-0", "orders-1", "orders-2"], given["a"]);
        Assert.Equal(["clicks-0", "clicks-1", "orders-3", "orders-4"], given["b"]);
        Assert.Empty(given["c"]);
    }
}
