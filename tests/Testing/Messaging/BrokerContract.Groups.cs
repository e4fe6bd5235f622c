using System.Threading.Channels;
using Groundwork.Ports.Messaging;

namespace Groundwork.Testing.Messaging;

public abstract partial class BrokerContract
{
    [Fact]
    public async Task A_group_begins_at_the_first_record_and_goes_on_behind_what_it_committed()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        await AppendEachAsync(topic, 5);
        await using (var first = await Broker.JoinAsync(group, [topic], null, Token))
        {
            var read = await TakeAsync(first.ReadAsync(Token), 3);
            Assert.Equal(["0", "1", "2"], read.Select(Text));
            await first.CommitAsync([read[1]], Token);
        }

        await using var second = await Broker.JoinAsync(group, [topic], null, Token);

        Assert.Equal(["2", "3", "4"], (await TakeAsync(second.ReadAsync(Token), 3)).Select(Text));
    }

    [Fact]
    public async Task A_member_that_reads_on_goes_on_where_it_was()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        await Broker.AppendAsync(topic, [.. Enumerable.Range(0, 6).Select(i => Record("key", $"{i}"))], Token);
        await using var member = await Broker.JoinAsync(group, [topic], null, Token);

        var first = await TakeAsync(member.ReadAsync(Token), 2);
        var second = await TakeAsync(member.ReadAsync(Token), 4);

        Assert.Equal(["0", "1", "2", "3", "4", "5"], first.Concat(second).Select(Text));
    }

    [Fact]
    public async Task A_group_may_begin_behind_the_last_record()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        await AppendEachAsync(topic, 3, _ => "before");
        await using var member = await Broker.JoinAsync(group, [topic], new MemberOptions { Start = ReadStartKind.Latest }, Token);

        Assert.Equal("after", Text(await FirstAfterAsync(topic, member.ReadAsync(Token))));
    }

    [Fact]
    public async Task Two_members_share_the_partitions_and_one_gets_all_when_the_other_leaves()
    {
        var (topic, group) = (await NewTopicAsync(4), NewName());
        await using var first = await Broker.JoinAsync(group, [topic], null, Token);
        Assert.Equal(4, first.Assigned.Count);
        var second = await Broker.JoinAsync(group, [topic], null, Token);
        var read = Channel.CreateUnbounded<(IGroupMember By, IncomingRecord Record)>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var readers = new[] { first, second }.Select(member => PumpAsync(member, read.Writer, ends.Token)).ToList();

        await AppendToAllAsync(topic, 4, "shared");
        var shared = await TakeOfEachAsync(read.Reader, 4, "shared");
        await second.DisposeAsync();
        await AppendToAllAsync(topic, 4, "alone");
        var alone = await TakeOfEachAsync(read.Reader, 4, "alone");

        Assert.Equal([2, 2], shared.Values.GroupBy(by => by).Select(by => by.Count()));
        Assert.All(alone.Values, by => Assert.Same(first, by));
        await ends.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task What_is_another_members_by_now_is_not_committed()
    {
        var (topic, group) = (await NewTopicAsync(2), NewName());
        await AppendToAllAsync(topic, 2, "value");
        await using var first = await Broker.JoinAsync(group, [topic], null, Token);
        var read = await TakeAsync(first.ReadAsync(Token), 2);
        await using var second = await Broker.JoinAsync(group, [topic], null, Token);

        var refused = new List<IncomingRecord>();
        foreach (var record in read)
        {
            try
            {
                await first.CommitAsync([record], Token);
            }
            catch (BrokerException e) when (e.Fault == BrokerFault.Revoked)
            {
                refused.Add(record);
            }
        }

        // A group that agrees anew may give up all at first: what the other one has now is among what was refused.
        var others = Assert.Single(await TakeAsync(second.ReadAsync(Token), 1));
        Assert.Contains(others.Partition, refused.Select(record => record.Partition));
    }

    [Fact]
    public async Task Members_that_come_and_go_lose_nothing()
    {
        const int Records = 400;
        var (topic, group) = (await NewTopicAsync(4), NewName());
        var read = Channel.CreateUnbounded<(IGroupMember By, IncomingRecord Record)>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var steady = await Broker.JoinAsync(group, [topic], null, Token);
        var readers = new List<Task> { PumpAsync(steady, read.Writer, ends.Token, commits: true) };
        IGroupMember? passing = null;
        for (var i = 0; i < Records; i++)
        {
            if (i % 100 == 50)
            {
                // It commits nothing: what it reads is another's to read again.
                passing = await Broker.JoinAsync(group, [topic], null, Token);
                readers.Add(PumpAsync(passing, Channel.CreateUnbounded<(IGroupMember By, IncomingRecord Record)>().Writer, ends.Token));
            }

            await AppendAsync(topic, $"key-{i % 40}", $"{i}");
            if (i % 100 == 90)
                await passing!.DisposeAsync();
        }

        var seen = new Dictionary<(int, long), IncomingRecord>();
        while (seen.Count < Records)
        {
            var (_, record) = await read.Reader.ReadAsync(Token);
            seen[(record.Partition, record.Offset)] = record;
        }

        Assert.Equal(Enumerable.Range(0, Records), seen.Values.Select(record => int.Parse(Text(record), System.Globalization.CultureInfo.InvariantCulture)).Order());
        await ends.CancelAsync();
        await Task.WhenAll(readers);
        await steady.DisposeAsync();
    }

    [Fact]
    public async Task How_far_a_group_is_behind_can_be_asked()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        Assert.Empty(await Broker.LagAsync(group, Token));
        await AppendEachAsync(topic, 5);
        await using var member = await Broker.JoinAsync(group, [topic], null, Token);

        await member.CommitAsync(await TakeAsync(member.ReadAsync(Token), 2), Token);

        var lag = Assert.Single(await Broker.LagAsync(group, Token));
        Assert.Equal(new PartitionLag(topic, 0, 2, 5), lag);
        Assert.Equal(3, lag.Records);
    }

    [Fact]
    public async Task A_group_is_told_what_it_missed()
    {
        var (topic, group) = (await NewTopicAsync(), NewName());
        await AppendEachAsync(topic, 10);
        await using (var member = await Broker.JoinAsync(group, [topic], null, Token))
            await member.CommitAsync(await TakeAsync(member.ReadAsync(Token), 2), Token);
        await DeleteBeforeAsync(topic, 0, 6);

        await using var later = await Broker.JoinAsync(group, [topic], null, Token);
        var gap = await Assert.ThrowsAsync<ReadGapException>(async () => await TakeAsync(later.ReadAsync(Token), 1));

        Assert.Equal((2L, 4L, new OffsetRange(6, 10)), (gap.Wanted, gap.Missing, gap.Available));
    }

    private async Task AppendToAllAsync(string topic, int partitions, string value)
    {
        for (var partition = 0; partition < partitions; partition++)
            Assert.Equal(partition, (await AppendAsync(topic, KeyIn(partition, partitions), value)).Partition);
    }

    /// <summary>Reads as a member until the token ends, or the member has left; commits each record before the next one, where asked to.</summary>
    private static async Task PumpAsync(
        IGroupMember member, ChannelWriter<(IGroupMember By, IncomingRecord Record)> into, CancellationToken cancellationToken, bool commits = false)
    {
        try
        {
            await foreach (var record in member.ReadAsync(cancellationToken))
            {
                await into.WriteAsync((member, record), cancellationToken);
                if (commits)
                    await member.CommitAsync([record], cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or BrokerException { Fault: BrokerFault.Unavailable })
        {
            // It has left, or the test is over.
        }
    }

    /// <summary>Who read a text in each of so many partitions; what is not committed may come to others again, and counts once.</summary>
    private static async Task<Dictionary<int, IGroupMember>> TakeOfEachAsync(
        ChannelReader<(IGroupMember By, IncomingRecord Record)> from, int partitions, string text)
    {
        var taken = new Dictionary<int, IGroupMember>();
        while (taken.Count < partitions)
        {
            var (by, record) = await from.ReadAsync(Token);
            if (Text(record) == text)
                _ = taken.TryAdd(record.Partition, by);
        }

        return taken;
    }
}
