using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

public sealed class RestartTests
{
    [Fact]
    public async Task After_a_restart_members_go_on_in_their_generation_with_a_session_that_begins_anew()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(7, by: a, metadata: "note");
        scene.Time.Advance(TimeSpan.FromSeconds(9));
        await scene.RestartAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(ErrorCode.None, scene.Coordinator.Heartbeat("g", new MemberIdentity(a.MemberId), a.Generation));
        Assert.Equal(7, scene.Committed());
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(8, by: a));
        var synced = await scene.SyncAsync(a);
        Assert.Equal(a.MemberId, System.Text.Encoding.UTF8.GetString(synced.Assignment.Span));
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(GroupState.Empty, scene.Describe().State);
    }

    [Fact]
    public async Task After_a_restart_the_leader_still_leads_and_static_members_keep_their_places()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.SettleAsync(instanceId: "one");
        await scene.RestartAsync();
        var again = await scene.JoinAsync(CoordinatorScene.JoinCall(instanceId: "one"));

        Assert.Equal((ErrorCode.None, 1, true), (again.Error, again.Generation, again.SkipAssignment));
        Assert.Equal(again.MemberId, again.Leader);
    }

    [Fact]
    public async Task What_members_read_is_known_after_a_restart()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.SettleAsync();
        await scene.RestartAsync();
        var (_, each) = await scene.Coordinator.DeleteOffsetsAsync("g", [new TopicPartition("orders", 0), new TopicPartition("payments", 0)]);

        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None], each);
    }

    [Fact]
    public async Task The_time_since_which_a_group_is_empty_survives_restarts()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        scene.Coordinator.Leave("g", [new MemberIdentity(a.MemberId)], new ErrorCode[1]);
        scene.Time.Advance(TimeSpan.FromDays(5));
        await scene.RestartAsync();
        Assert.Equal(1, scene.Committed());
        scene.Time.Advance(TimeSpan.FromDays(3));

        Assert.Null(scene.Committed());
    }

    [Fact]
    public async Task Records_of_protocols_that_are_not_known_here_are_left_alone()
    {
        var store = new MemoryGroupStore();
        store.Add(0, new GroupRecord(new byte[] { 0, 3, 0, 1, (byte)'g' }, new byte[] { 0, 0, 0, 0, 0, 1 }));
        await using var scene = await CoordinatorScene.StartAsync(store: store);

        Assert.Empty(scene.List());
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 1, 0, 5, (byte)'g' })]
    [InlineData(new byte[] { 0, 2, 0, 1, (byte)'g', 0 })]
    public async Task A_record_that_is_damaged_keeps_the_coordinator_from_starting(byte[] key)
    {
        var store = new MemoryGroupStore();
        store.Add(0, new GroupRecord(key, null));

        await Assert.ThrowsAsync<ProtocolException>(() => CoordinatorScene.StartAsync(store: store));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_was_done_the_log_gives_back_the_same_groups_and_offsets_compacted_rewritten_or_neither(int seed)
    {
        var random = new Random(seed);
        await using var scene = await CoordinatorScene.StartAsync();
        var members = new Dictionary<string, JoinAnswer>();
        string[] groups = ["a", "b", "c", "d"];
        for (var step = 0; step < 400; step++)
        {
            var group = groups[random.Next(groups.Length)];
            members.TryGetValue(group, out var member);
            switch (random.Next(10))
            {
                case 0 or 1:
                    // A static member, so that whoever comes takes the place of whoever was there.
                    var joined = await scene.JoinAsync(CoordinatorScene.JoinCall(group, instanceId: "one", topic: random.Next(2) == 0 ? "orders" : "payments"));
                    Assert.Equal(ErrorCode.None, joined.Error);
                    await scene.SyncAsync(joined, group);
                    members[group] = joined;
                    break;
                case < 6:
                    await scene.CommitAsync(random.Next(1000), random.Next(2) == 0 ? "orders" : "payments", random.Next(3), group, member, $"{step}");
                    break;
                case 6:
                    scene.Coordinator.Leave(group, [new MemberIdentity("", "one")], new ErrorCode[1]);
                    members.Remove(group);
                    break;
                case 7:
                    await scene.Coordinator.DeleteOffsetsAsync(group, [new TopicPartition("orders", random.Next(3))]);
                    break;
                case 8:
                    await scene.Coordinator.DeleteAsync(group);
                    break;
                default:
                    scene.Store.Error = random.Next(2) == 0 ? ErrorCode.KafkaStorageError : ErrorCode.None;
                    await scene.CommitAsync(random.Next(1000), partition: random.Next(3), group: group, by: member);
                    scene.Store.Error = ErrorCode.None;
                    break;
            }

            if (step % 20 != 19)
                continue;
            if (step % 40 == 39)
                scene.Store.Compact();
            if (step % 60 == 59)
                await RewriteTests.RewriteAsync(scene);
            var before = Seen(scene, groups);
            await scene.RestartAsync();
            Assert.Equal(before, Seen(scene, groups));
        }
    }

    private static List<string> Seen(CoordinatorScene scene, string[] groups)
    {
        var seen = scene.Coordinator.Offsets().Select(offset => offset.ToString()).Order().ToList();
        foreach (var group in groups)
        {
            var description = scene.Describe(group);
            seen.Add($"{group} {description.State} {description.ProtocolType} {description.Protocol}");
            seen.AddRange(description.Members.Select(member =>
                $"{member with { Metadata = default, Assignment = default }} {Convert.ToHexString(member.Metadata.Span)} {Convert.ToHexString(member.Assignment.Span)}"));
        }

        return seen;
    }
}
