using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

/// <summary>The groups' log is written anew while it is used; then what was there before can go.</summary>
public sealed class RewriteTests
{
    [Fact]
    public async Task What_holds_is_written_once_more_and_what_was_before_is_not_needed()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        for (var i = 0; i < 100; i++)
            await scene.CommitAsync(i, by: a);
        await RewriteAsync(scene);

        Assert.InRange(scene.Store.Count, 1, 2);
        await scene.RestartAsync();
        Assert.Equal(99, scene.Committed());
        Assert.Equal(ErrorCode.None, scene.Coordinator.Heartbeat("g", new MemberIdentity(a.MemberId), a.Generation));
    }

    [Fact]
    public async Task A_commit_that_is_under_way_is_not_undone_by_it()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Holds = true;
        var early = scene.CommitAsync(2);
        var ends = scene.Store.Ends();
        var rewriting = Task.WhenAll(Enumerable.Range(0, scene.Store.Partitions).Select(scene.Coordinator.RewriteAsync));
        var late = scene.CommitAsync(3);
        while (!rewriting.IsCompleted || !late.IsCompleted)
            scene.Store.Finish();
        Assert.Equal([ErrorCode.None, ErrorCode.None], await Task.WhenAll(early, late));
        scene.Store.Holds = false;
        Drop(scene, ends);

        await scene.RestartAsync();
        Assert.Equal(3, scene.Committed());
    }

    [Fact]
    public async Task What_is_being_deleted_does_not_come_back_by_it()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        await scene.CommitAsync(1, partition: 1);
        scene.Store.Holds = true;
        var ends = scene.Store.Ends();
        var early = scene.Coordinator.DeleteOffsetsAsync("g", [new TopicPartition("orders", 0)]);
        var rewriting = Task.WhenAll(Enumerable.Range(0, scene.Store.Partitions).Select(scene.Coordinator.RewriteAsync));
        var late = scene.Coordinator.DeleteOffsetsAsync("g", [new TopicPartition("orders", 1)]);
        while (!rewriting.IsCompleted || !late.IsCompleted)
            scene.Store.Finish();
        await early;
        scene.Store.Holds = false;
        Drop(scene, ends);

        await scene.RestartAsync();
        Assert.Null(scene.Committed());
        Assert.Null(scene.Committed(partition: 1));
    }

    /// <summary>Writes all partitions anew, and lets go of what was there before.</summary>
    internal static async Task RewriteAsync(CoordinatorScene scene)
    {
        var ends = scene.Store.Ends();
        for (var partition = 0; partition < ends.Length; partition++)
            Assert.Equal(ErrorCode.None, await scene.Coordinator.RewriteAsync(partition));
        Drop(scene, ends);
    }

    private static void Drop(CoordinatorScene scene, int[] ends)
    {
        for (var partition = 0; partition < ends.Length; partition++)
            scene.Store.DropFirst(partition, ends[partition]);
    }
}
