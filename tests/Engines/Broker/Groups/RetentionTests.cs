using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

public sealed class RetentionTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Offsets_are_kept_for_a_week_after_the_last_member_left_and_then_the_group_is_gone()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        var errors = new ErrorCode[1];
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        scene.Coordinator.Leave("g", [new MemberIdentity(a.MemberId)], errors);
        scene.Time.Advance(Week - Sweep);
        Assert.Equal(1, scene.Committed());
        scene.Time.Advance(2 * Sweep);

        Assert.Null(scene.Committed());
        Assert.Empty(scene.List());
        await scene.RestartAsync();
        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task Offsets_of_who_is_no_member_are_kept_for_a_week_after_each_commit()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Time.Advance(TimeSpan.FromDays(4));
        await scene.CommitAsync(2, partition: 1);
        scene.Time.Advance(TimeSpan.FromDays(4));

        Assert.Equal((null, 2), (scene.Committed(), scene.Committed(partition: 1)));
        scene.Time.Advance(TimeSpan.FromDays(4));
        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task While_members_are_there_only_offsets_of_topics_that_they_do_not_read_expire()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        await scene.CommitAsync(2, "payments", by: a);
        for (var i = 0; i < 8 * 24 * 60; i++)
        {
            for (var j = 0; j < 10; j++)
            {
                scene.Time.Advance(TimeSpan.FromSeconds(6));
                if (scene.Coordinator.Heartbeat("g", new MemberIdentity(a.MemberId), a.Generation) != ErrorCode.None)
                    Assert.Fail("The member is gone.");
            }
        }

        Assert.Equal((1, null), (scene.Committed(), scene.Committed("payments")));
    }

    [Fact]
    public async Task A_client_of_old_says_itself_how_long_its_offsets_are_kept()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1, retentionMs: 3_600_000);
        await scene.CommitAsync(2, partition: 1, retentionMs: 30L * 24 * 3_600_000);
        await scene.RestartAsync();
        scene.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((null, 2), (scene.Committed(), scene.Committed(partition: 1)));
        scene.Time.Advance(2 * Week);

        Assert.Equal(2, scene.Committed(partition: 1));
    }

    [Fact]
    public async Task An_offset_that_is_being_committed_does_not_expire()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Time.Advance(Week - TimeSpan.FromMinutes(1));
        scene.Store.Holds = true;
        var commit = scene.CommitAsync(2);
        scene.Time.Advance(Sweep);
        scene.Store.Finish();

        Assert.Equal(ErrorCode.None, await commit);
        Assert.Equal(2, scene.Committed());
    }

    [Fact]
    public async Task A_group_that_could_not_be_deleted_has_been_empty_for_as_long_as_before()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        scene.Coordinator.Leave("g", [new MemberIdentity(a.MemberId)], new ErrorCode[1]);
        scene.Store.Error = ErrorCode.KafkaStorageError;
        scene.Time.Advance(Week + Sweep);
        Assert.Equal(1, scene.Committed());
        scene.Store.Error = ErrorCode.None;
        scene.Time.Advance(Sweep);

        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task What_could_not_be_deleted_is_deleted_the_next_time()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Error = ErrorCode.KafkaStorageError;
        scene.Time.Advance(Week + Sweep);
        Assert.Equal(1, scene.Committed());
        scene.Store.Error = ErrorCode.None;
        scene.Time.Advance(Sweep);

        Assert.Empty(scene.List());
    }
}
