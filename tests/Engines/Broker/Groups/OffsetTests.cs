using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

public sealed class OffsetTests
{
    private static readonly TopicPartition Orders0 = new("orders", 0);

    [Fact]
    public async Task A_consumer_that_is_no_member_commits_to_a_group_that_is_not_there()
    {
        await using var scene = await CoordinatorScene.StartAsync();

        Assert.Equal(ErrorCode.None, await scene.CommitAsync(42, metadata: "note"));
        scene.Coordinator.Fetch("g", [Orders0], out var offsets);
        Assert.Equal(new CommittedOffset(42, 5, "note", scene.Time.GetUtcNow().ToUnixTimeMilliseconds()), offsets[0].Offset);
        Assert.Equal([new GroupListing("g", "", GroupState.Empty)], scene.List());
    }

    [Fact]
    public async Task A_member_commits_in_its_generation_only()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();

        Assert.Equal(ErrorCode.None, await scene.CommitAsync(1, by: a));
        Assert.Equal(ErrorCode.IllegalGeneration, await scene.CommitAsync(2, by: a with { Generation = 2 }));
        Assert.Equal(ErrorCode.UnknownMemberId, await scene.CommitAsync(2, by: a with { MemberId = "x" }));
        Assert.Equal(ErrorCode.UnknownMemberId, await scene.CommitAsync(2));
        Assert.Equal(1, scene.Committed());
    }

    [Fact]
    public async Task Who_says_to_be_a_member_of_a_group_that_is_not_there_is_told_in_the_words_that_it_knows()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var call = new CommitCall { Group = "g", Identity = new MemberIdentity("a"), Generation = 1, Offsets = [new OffsetToCommit(Orders0, 1)] };

        Assert.Equal([ErrorCode.IllegalGeneration], await scene.Coordinator.CommitAsync(call));
        Assert.Equal([ErrorCode.GroupIdNotFound], await scene.Coordinator.CommitAsync(call with { KnowsMissingGroup = true }));
        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task Of_a_commit_each_offset_stands_for_itself()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var errors = await scene.Coordinator.CommitAsync(new CommitCall
        {
            Group = "g",
            Offsets =
            [
                new OffsetToCommit(Orders0, 1),
                new OffsetToCommit(new TopicPartition("nothing", 0), 2),
                new OffsetToCommit(new TopicPartition("orders", 1), 3, Metadata: new string('x', 4097)),
                new OffsetToCommit(new TopicPartition("orders", 2), 4, Metadata: new string('x', 4096)),
            ],
        });

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.OffsetMetadataTooLarge, ErrorCode.None], errors);
        scene.Coordinator.Fetch("g", null, out var offsets);
        Assert.Equal([1, 4], offsets.Select(fetched => fetched.Offset!.Value.Offset));
    }

    [Fact]
    public async Task A_commit_that_could_do_nothing_leaves_no_group_behind()
    {
        await using var scene = await CoordinatorScene.StartAsync();

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await scene.CommitAsync(1, topic: "nothing"));
        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task Nobody_reads_an_offset_before_it_is_durable()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Holds = true;
        var commit = scene.CommitAsync(2);

        Assert.False(commit.IsCompleted);
        Assert.Equal(1, scene.Committed());
        scene.Store.Finish();
        Assert.Equal(ErrorCode.None, await commit);
        Assert.Equal(2, scene.Committed());
    }

    [Fact]
    public async Task Commits_that_are_under_way_together_end_as_the_log_has_them_whichever_is_heard_of_first()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        scene.Store.Holds = true;
        Task<ErrorCode>[] commits = [scene.CommitAsync(1), scene.CommitAsync(2), scene.CommitAsync(3)];
        scene.Store.Finish(reversed: true);

        Assert.All(await Task.WhenAll(commits), error => Assert.Equal(ErrorCode.None, error));
        Assert.Equal(3, scene.Committed());
        await scene.RestartAsync();
        Assert.Equal(3, scene.Committed());
    }

    [Theory]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.RecordListTooLarge, ErrorCode.Unknown)]
    internal async Task A_commit_that_the_log_refuses_is_told_so_and_changes_nothing(ErrorCode refused, ErrorCode told)
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Error = refused;

        Assert.Equal(told, await scene.CommitAsync(2));
        Assert.Equal(1, scene.Committed());
        scene.Store.Error = ErrorCode.None;
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(3));
    }

    [Fact]
    public async Task A_log_that_throws_is_one_that_refuses()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        scene.Store.Throws = true;

        Assert.Equal(ErrorCode.NotCoordinator, await scene.CommitAsync(1));
        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task A_group_that_is_not_there_has_no_offsets()
    {
        await using var scene = await CoordinatorScene.StartAsync();

        Assert.Null(scene.Committed());
        Assert.Equal(ErrorCode.None, scene.Coordinator.Fetch("g", null, out var offsets));
        Assert.Empty(offsets);
    }

    [Fact]
    public async Task Offsets_of_a_topic_that_members_read_cannot_be_deleted_and_others_can()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        await scene.CommitAsync(2, "payments", by: a);
        var (error, each) = await scene.Coordinator.DeleteOffsetsAsync("g", [Orders0, new TopicPartition("payments", 0), new TopicPartition("payments", 1)]);

        Assert.Equal(ErrorCode.None, error);
        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None, ErrorCode.None], each);
        Assert.Equal((1, null), (scene.Committed(), scene.Committed("payments")));
        await scene.RestartAsync();
        Assert.Equal((1, null), (scene.Committed(), scene.Committed("payments")));
    }

    [Fact]
    public async Task Offsets_of_a_group_that_is_not_there_or_is_of_another_kind_cannot_be_deleted()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.JoinAsync(CoordinatorScene.JoinCall() with { ProtocolType = "connect" });

        Assert.Equal(ErrorCode.GroupIdNotFound, (await scene.Coordinator.DeleteOffsetsAsync("x", [Orders0])).Error);
        Assert.Equal(ErrorCode.NonEmptyGroup, (await scene.Coordinator.DeleteOffsetsAsync("g", [Orders0])).Error);
    }

    [Fact]
    public async Task Consumers_who_say_what_they_read_in_a_way_that_is_not_known_may_read_any_topic()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        byte[][] unknown = [[], [0], [0xff, 0xff, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 9, 1], [0, 0, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 1, 0, 1, 0xff]];
        for (var i = 0; i < unknown.Length; i++)
        {
            await scene.JoinAsync(CoordinatorScene.JoinCall($"{i}") with { Protocols = [new MemberProtocol("own", unknown[i])] });
            Assert.Equal([ErrorCode.GroupSubscribedToTopic], (await scene.Coordinator.DeleteOffsetsAsync($"{i}", [Orders0])).Each);
        }
    }

    [Fact]
    public async Task Consumers_of_later_versions_are_understood_by_what_theirs_begins_with()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        byte[] later = [0, 9, .. Membership.Consumer.Subscribed("orders")[2..], 1, 2, 3];
        await scene.JoinAsync(CoordinatorScene.JoinCall() with { Protocols = [new MemberProtocol("range", later)] });

        var (_, each) = await scene.Coordinator.DeleteOffsetsAsync("g", [Orders0, new TopicPartition("payments", 0)]);
        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None], each);
    }

    [Fact]
    public async Task With_a_topic_go_all_its_offsets_those_that_are_under_way_too()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        await scene.CommitAsync(2, "payments");
        await scene.CommitAsync(3, group: "other");
        scene.Store.Holds = true;
        var commit = scene.CommitAsync(4, partition: 7);
        scene.Topics.Remove("orders");
        var forgetting = scene.Coordinator.ForgetTopicAsync("orders");
        scene.Store.Finish(reversed: true);
        await forgetting;

        Assert.Equal(ErrorCode.None, await commit);
        Assert.Equal([("g", "payments", 2L)], scene.Coordinator.Offsets().Select(o => (o.Group, o.Partition.Topic, o.Offset.Offset)));
        scene.Store.Holds = false;
        await scene.RestartAsync();
        Assert.Equal([("g", "payments", 2L)], scene.Coordinator.Offsets().Select(o => (o.Group, o.Partition.Topic, o.Offset.Offset)));
    }

    [Fact]
    public async Task How_far_every_group_has_read_can_be_told_for_lag()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        await scene.CommitAsync(2, "payments", partition: 3, group: "other");

        Assert.Equal(
            [("g", new TopicPartition("orders", 0), 1L), ("other", new TopicPartition("payments", 3), 2L)],
            scene.Coordinator.Offsets().Select(o => (o.Group, o.Partition, o.Offset.Offset)).Order());
    }
}
