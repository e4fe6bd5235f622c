using System.Text;
using Groundwork.Broker.Embedded;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Inspection;
using Groundwork.Broker.Node;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Tests.Inspection;

/// <summary>What one sees of the broker without being its client, and what one changes in it.</summary>
public sealed class InspectorTests : IAsyncLifetime
{
    private BrokerNode _node = null!;
    private EmbeddedBroker _broker = null!;
    private BrokerInspector _inspector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var limits = new GroupLimits { Rules = new GroupRules { InitialDelayMs = 0 } };
        _node = await BrokerNode.OpenAsync(new MemoryDisk(), new NodeOptions { Groups = limits }, TimeProvider.System, Token);
        _broker = new EmbeddedBroker(_node);
        _inspector = new BrokerInspector(_node, _broker, server: null);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_topic_is_shown_with_what_is_set_of_it_and_what_its_partitions_hold()
    {
        _inspector.CreateTopic("orders", 2, new Dictionary<string, string> { ["retention.ms"] = "1000" });
        await AppendAsync("orders", 1, "a", "b", "c");

        var topic = _inspector.ReadTopic("orders")!;
        Assert.Equal(["orders"], _inspector.ListTopics());
        Assert.Equal("1000", topic.Settings["retention.ms"]);
        Assert.Equal([new OffsetRange(0, 0), new OffsetRange(0, 3)], topic.Partitions.Select(p => p.Offsets));
        Assert.True(topic.Partitions[1].Bytes > 0);
        Assert.NotNull(topic.Partitions[1].LatestTime);
        Assert.Null(topic.Partitions[0].LatestTime);
        Assert.Null(_inspector.ReadTopic("nobody"));
    }

    [Theory]
    [InlineData("in valid", "letters")]
    [InlineData("__consumer_offsets", "own")]
    public void A_topic_that_is_not_allowed_is_refused_with_the_reason(string name, string reason)
    {
        var refused = Assert.Throws<BrokerException>(() => _inspector.CreateTopic(name, 1, new Dictionary<string, string>()));
        Assert.Equal(BrokerFault.Refused, refused.Fault);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_of_a_topic_is_changed_where_it_is_named_and_holds_at_once()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string> { ["retention.ms"] = "1000", ["segment.ms"] = "500" });

        Assert.True(_inspector.TryChangeTopic(_inspector.ReadTopic("orders")!, new Dictionary<string, string?> { ["retention.bytes"] = "4096", ["retention.ms"] = null }));

        Assert.Equal(new Dictionary<string, string> { ["retention.bytes"] = "4096", ["segment.ms"] = "500" }, _inspector.ReadTopic("orders")!.Settings);
        var log = _node.Topics.Find("orders")!.Partitions[0].Settings;
        Assert.Equal((4096L, 604_800_000L, 500L), (log.RetentionBytes, log.RetentionMs, log.SegmentMs));
    }

    [Theory]
    [InlineData("segment.bytes", "soon", "segment.bytes is a whole number from")]
    [InlineData("retention.ms", "-2", "from -1 to")]
    [InlineData("message.timestamp.type", "Never", "CreateTime or LogAppendTime")]
    [InlineData("nothing.like.it", "1", "There is no setting 'nothing.like.it'")]
    [InlineData("nothing.like.it", null, "There is no setting 'nothing.like.it'")]
    public void A_change_that_is_not_allowed_changes_nothing_and_says_what_is(string setting, string? value, string reason)
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());

        var refused = Assert.Throws<BrokerException>(() => _inspector.TryChangeTopic(
            _inspector.ReadTopic("orders")!, new SortedDictionary<string, string?>(StringComparer.Ordinal) { ["max.message.bytes"] = "1000", [setting] = value }));

        Assert.Equal(BrokerFault.Refused, refused.Fault);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_inspector.ReadTopic("orders")!.Settings);
    }

    [Fact]
    public void What_somebody_else_has_set_meanwhile_is_not_overwritten_unseen()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        var seen = _inspector.ReadTopic("orders")!;
        Assert.True(_inspector.TryChangeTopic(seen, new Dictionary<string, string?> { ["retention.ms"] = "1000" }));

        Assert.False(_inspector.TryChangeTopic(seen, new Dictionary<string, string?> { ["retention.ms"] = "2000" }));

        Assert.Equal("1000", _inspector.ReadTopic("orders")!.Settings["retention.ms"]);
        var gone = Assert.Throws<BrokerException>(() => _inspector.TryChangeTopic(seen with { Name = "nobody" }, new Dictionary<string, string?>()));
        Assert.Equal(BrokerFault.NoSuchTopic, gone.Fault);
        Assert.Throws<BrokerException>(() => _inspector.TryChangeTopic(seen with { Name = "__consumer_offsets" }, new Dictionary<string, string?>()));
    }

    [Fact]
    public void All_that_can_be_set_is_shown_with_what_it_takes_and_its_default_is_among_that()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string> { ["retention.ms"] = "1000" });

        var settings = _inspector.ReadSettings("orders")!.ToDictionary(s => s.Name);

        Assert.Equal(("1000", "604800000", true, "ms"), (settings["retention.ms"].Value, settings["retention.ms"].Default, settings["retention.ms"].IsSet, settings["retention.ms"].Range.Unit));
        Assert.Equal("bytes", settings["segment.bytes"].Range.Unit);
        Assert.Equal(["CreateTime", "LogAppendTime"], settings["message.timestamp.type"].Range.Words);
        Assert.True(settings["cleanup.policy"].Range.IsFixed);
        Assert.True(settings["min.insync.replicas"].Range.IsFixed);
        Assert.False(settings["segment.bytes"].Range.IsFixed);
        Assert.All(settings.Values, setting => Assert.True(_inspector.TryChangeTopic(_inspector.ReadTopic("orders")!, new Dictionary<string, string?> { [setting.Name] = setting.Default })));
        Assert.Null(_inspector.ReadSettings("nobody"));
    }

    [Fact]
    public async Task How_many_records_go_is_known_before_they_are_deleted()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await AppendAsync("orders", 0, "a", "b", "c");

        Assert.Equal((2L, 2L), await PlanAsync(ReadStart.At(2)));
        Assert.Equal(3, (await PlanAsync(ReadStart.Latest)).Records);
        Assert.Equal(3, (await PlanAsync(ReadStart.Since(DateTimeOffset.UtcNow.AddDays(1)))).Records);
        Assert.Equal(0, (await PlanAsync(ReadStart.Since(DateTimeOffset.UtcNow.AddDays(-1)))).Records);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => PlanAsync(ReadStart.At(4)));
        Assert.Equal(0, _inspector.ReadTopic("orders")!.Partitions[0].Offsets.Start);

        await _inspector.DeleteRecordsAsync("orders", 0, 2, Token);
        Assert.Equal((0L, 2L), await PlanAsync(ReadStart.At(1)));

        async Task<(long Records, long Before)> PlanAsync(ReadStart before)
        {
            var plan = await _inspector.PlanDeletionAsync("orders", 0, before, Token);
            return (plan.Records, plan.Before);
        }
    }

    [Fact]
    public async Task How_many_records_a_shorter_retention_takes_is_known_before_it_holds()
    {
        _inspector.CreateTopic("orders", 2, new Dictionary<string, string> { ["retention.bytes"] = "-1" });
        await AppendAsync("orders", 0, "a", "b", "c");
        await AppendAsync("orders", 1, "d");

        Assert.Equal(4, Plan("retention.bytes", "0"));
        Assert.Equal(0, Plan("retention.bytes", "1000000"));
        Assert.Equal(0, Plan("retention.ms", null));
        Assert.Equal(BrokerFault.Refused, Assert.Throws<BrokerException>(() => Plan("retention.ms", "soon")).Fault);
        Assert.True(_inspector.TryChangeTopic(_inspector.ReadTopic("orders")!, new Dictionary<string, string?> { ["retention.bytes"] = "0" }));
        Assert.Equal(0, Plan("segment.ms", "1000"));

        long Plan(string name, string? value) => _inspector.PlanSettings("orders", new Dictionary<string, string?> { [name] = value });
    }

    [Fact]
    public async Task Records_are_read_in_pages_from_any_place_and_looking_counts_nowhere()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await AppendAsync("orders", 0, [.. Enumerable.Range(0, 100).Select(i => $"v{i}")]);

        var first = Read(ReadStart.Earliest, 30);
        Assert.Equal(("v0", "v29", 30L), (first[0], first[^1], _inspector.ReadRecords("orders", 0, new RecordQuery(ReadStart.Earliest, 30)).Next));
        Assert.Equal(["v98", "v99"], Read(ReadStart.Latest, 2));
        Assert.Equal(["v50", "v51"], Read(ReadStart.At(50), 2));
        Assert.Empty(Read(ReadStart.At(5000), 2));
        Assert.Equal(100, _inspector.ReadRecords("orders", 0, new RecordQuery(ReadStart.Since(DateTimeOffset.UtcNow.AddDays(1)), 2)).Next);
        Assert.Equal(0, _node.Topics.Find("orders")!.Partitions[0].Traffic.RecordsOut);
    }

    [Fact]
    public async Task A_page_ends_where_it_has_as_many_bytes_as_were_asked_for_and_never_without_a_record()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await AppendAsync("orders", 0, new string('a', 100), new string('b', 100), new string('c', 100));

        Assert.Equal(2, _inspector.ReadRecords("orders", 0, new RecordQuery(ReadStart.Earliest, 10, Bytes: 250)).Records.Count);
        Assert.Single(_inspector.ReadRecords("orders", 0, new RecordQuery(ReadStart.Earliest, 10, Bytes: 1)).Records);
    }

    [Fact]
    public async Task What_is_gone_is_read_from_where_the_partition_begins()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await AppendAsync("orders", 0, "a", "b", "c");

        Assert.Equal(2, await _inspector.DeleteRecordsAsync("orders", 0, 2, Token));

        var page = _inspector.ReadRecords("orders", 0, new RecordQuery(ReadStart.At(0), 10));
        Assert.Equal((2L, 3L), (page.From, page.Next));
        Assert.Equal("c", Text(Assert.Single(page.Records)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _inspector.DeleteRecordsAsync("orders", 0, 4, Token));
    }

    [Fact]
    public async Task Records_go_to_the_partition_that_is_chosen_or_to_that_of_their_key()
    {
        _inspector.CreateTopic("orders", 3, new Dictionary<string, string>());

        var chosen = await _inspector.AppendAsync("orders", 2, [new("k"u8.ToArray(), "v"u8.ToArray()), new(null, "w"u8.ToArray())], cancellationToken: Token);
        var byKey = await _inspector.AppendAsync("orders", null, [new("k"u8.ToArray(), "v"u8.ToArray())], cancellationToken: Token);

        Assert.Equal([new RecordPlace(2, 0), new RecordPlace(2, 1)], chosen);
        Assert.Equal(Primitives.Hashing.KeyPartition.Of("k"u8, 3), byKey[0].Partition);
        var refused = await Assert.ThrowsAsync<BrokerException>(async () => await _inspector.AppendAsync("orders", 3, [new(null, null)], cancellationToken: Token));
        Assert.Equal(BrokerFault.NoSuchTopic, refused.Fault);
    }

    [Fact]
    public async Task An_append_that_is_repeated_by_its_number_is_there_once()
    {
        _inspector.CreateTopic("orders", 3, new Dictionary<string, string>());
        OutgoingRecord[] records = [.. Enumerable.Range(0, 20).Select(i => new OutgoingRecord(i % 2 == 0 ? BitConverter.GetBytes(i) : default(ReadOnlyMemory<byte>?), new byte[i]))];
        var number = _inspector.NewAppend();

        var first = await _inspector.AppendAsync("orders", null, records, number, Token);
        var again = await _inspector.AppendAsync("orders", null, records, number, Token);
        var other = await _inspector.AppendAsync("orders", null, records, _inspector.NewAppend(), Token);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(40, _inspector.ReadTopic("orders")!.Partitions.Sum(p => p.Offsets.End));
    }

    [Fact]
    public async Task A_group_is_shown_with_its_members_and_how_far_it_is_behind()
    {
        _inspector.CreateTopic("orders", 2, new Dictionary<string, string>());
        await AppendAsync("orders", 0, "a", "b", "c");
        await using (var member = await _broker.JoinAsync("billing", ["orders"], cancellationToken: Token))
        {
            await foreach (var record in member.ReadAsync(Token))
            {
                await member.CommitAsync([record], Token);
                break;
            }

            var group = _inspector.ReadGroup("billing")!;
            Assert.Equal("Stable", group.State);
            Assert.Equal(2, Assert.Single(group.Members).Partitions.Count);
            Assert.Equal((1L, 2L, group.Members[0].Id), (group.Partitions[0].Committed!.Value, group.Partitions[0].Lag!.Value, group.Partitions[0].MemberId));
            Assert.True(group.Partitions[0].UntilRetention > TimeSpan.FromDays(6));
            Assert.Null(group.Partitions[1].Committed);
        }

        Assert.Equal(["billing"], _inspector.ListGroups());
        Assert.Equal("Empty", _inspector.ReadGroup("billing")!.State);
        Assert.Null(_inspector.ReadGroup("nobody"));
    }

    [Fact]
    public async Task A_group_is_reset_to_where_the_plan_says_and_only_while_nobody_is_in_it()
    {
        _inspector.CreateTopic("orders", 2, new Dictionary<string, string>());
        await AppendAsync("orders", 0, "a", "b", "c", "d");
        var reset = new OffsetReset("billing", "orders", null, OffsetTarget.At(ReadStart.At(2)));

        var plan = _inspector.PlanReset(reset);
        Assert.Equal([2L, 0L], plan.Moves.Select(move => move.To));
        Assert.Null(_inspector.ReadGroup("billing"));
        await _inspector.ResetAsync(plan, Token);
        Assert.Equal([2L, 0L], _inspector.ReadGroup("billing")!.Partitions.Select(p => p.Committed!.Value));

        Assert.Equal([(2L, 1L)], Moves(OffsetTarget.By(-1)));
        Assert.Equal([(2L, 4L)], Moves(OffsetTarget.By(long.MaxValue)));
        Assert.Equal([(2L, 0L)], Moves(OffsetTarget.By(long.MinValue)));
        Assert.Equal([(2L, 4L)], Moves(OffsetTarget.At(ReadStart.Latest)));
        Assert.Equal([(2L, 0L)], Moves(OffsetTarget.At(ReadStart.Earliest)));
        Assert.Equal(-2, _inspector.PlanReset(new OffsetReset("billing", null, null, OffsetTarget.At(ReadStart.Earliest))).Moves[0].Records);

        await using var member = await _broker.JoinAsync("billing", ["orders"], cancellationToken: Token);
        var stale = _inspector.PlanReset(reset);
        Assert.Equal(1, stale.Members);
        Assert.Equal(BrokerFault.Refused, (await Assert.ThrowsAsync<BrokerException>(() => _inspector.ResetAsync(stale, Token))).Fault);
        Assert.Equal(BrokerFault.Refused, (await Assert.ThrowsAsync<BrokerException>(() => _inspector.DeleteGroupAsync("billing", Token))).Fault);

        IEnumerable<(long From, long To)> Moves(OffsetTarget target) =>
            _inspector.PlanReset(new OffsetReset("billing", "orders", [0], target)).Moves.Select(move => (move.From!.Value, move.To));
    }

    [Fact]
    public async Task A_deleted_topic_and_a_deleted_group_are_gone()
    {
        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await AppendAsync("orders", 0, "a");
        await _inspector.ResetAsync(_inspector.PlanReset(new OffsetReset("billing", "orders", null, OffsetTarget.At(ReadStart.Latest))), Token);

        var refused = await Assert.ThrowsAsync<BrokerException>(() => _inspector.DeleteTopicAsync("orders", Guid.NewGuid(), Token));
        Assert.Equal(BrokerFault.NoSuchTopic, refused.Fault);
        await _inspector.DeleteTopicAsync("orders", _inspector.ReadTopic("orders")!.Id, Token);
        Assert.Null(_inspector.ReadTopic("orders"));
        Assert.Null(_inspector.ReadGroup("billing")); // nothing is left of it

        _inspector.CreateTopic("orders", 1, new Dictionary<string, string>());
        await _inspector.ResetAsync(_inspector.PlanReset(new OffsetReset("billing", "orders", null, OffsetTarget.At(ReadStart.Latest))), Token);
        await _inspector.DeleteGroupAsync("billing", Token);
        Assert.Empty(_inspector.ListGroups());
        Assert.Equal(BrokerFault.Refused, (await Assert.ThrowsAsync<BrokerException>(() => _inspector.DeleteGroupAsync("billing", Token))).Fault);
    }

    private static string Text(IncomingRecord record) => Encoding.UTF8.GetString(record.Value!.Value.Span);

    private List<string> Read(ReadStart start, int count) => [.. _inspector.ReadRecords("orders", 0, new RecordQuery(start, count)).Records.Select(Text)];

    private async Task AppendAsync(string topic, int partition, params string[] values) =>
        await _inspector.AppendAsync(topic, partition, [.. values.Select(value => new OutgoingRecord(null, Encoding.UTF8.GetBytes(value)))], cancellationToken: Token);
}
