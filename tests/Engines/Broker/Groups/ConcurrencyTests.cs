using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups;

public sealed class ConcurrencyTests
{
    private const int Callers = 8;
    private const int CallsEach = 400;

    [Fact]
    public async Task Many_callers_at_once_over_a_log_that_takes_its_time_leave_what_the_log_says()
    {
        await using var scene = await CoordinatorScene.StartAsync(store: new MemoryGroupStore { Holds = true });
        var callers = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(scene, caller), TestContext.Current.CancellationToken)));
        for (var turn = 0; !callers.IsCompleted; turn++)
        {
            scene.Store.Finish(reversed: turn % 2 == 0);
            await Task.Yield();
        }

        await callers;
        scene.Store.Finish();
        scene.Store.Holds = false;

        var before = Seen(scene);
        await scene.RestartAsync();
        Assert.Equal(before, Seen(scene));
        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task Each_of_many_commits_at_once_is_durable_when_it_is_answered()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(partition => Task.Run(async () =>
        {
            for (var offset = 1; offset <= 200; offset++)
            {
                Assert.Equal(ErrorCode.None, await scene.CommitAsync(offset, partition: partition));
                Assert.Equal(offset, scene.Committed(partition: partition));
            }
        }, TestContext.Current.CancellationToken)));
    }

    private static async Task CallAsync(CoordinatorScene scene, int caller)
    {
        var random = new Random(caller);
        var members = new Dictionary<string, JoinAnswer>();
        for (var i = 0; i < CallsEach; i++)
        {
            var group = $"{random.Next(3)}";
            members.TryGetValue(group, out var member);
            switch (random.Next(12))
            {
                case 0:
                    // Others may hold the rebalance up; whoever is tired of waiting goes.
                    using (var patience = new CancellationTokenSource())
                    {
                        var joining = scene.Coordinator.JoinAsync(CoordinatorScene.JoinCall(group, instanceId: $"{caller}"), patience.Token);
                        for (var yields = 0; yields < 50 && !joining.IsCompleted; yields++)
                            await Task.Yield();
                        await patience.CancelAsync();
                        try
                        {
                            members[group] = await joining;
                        }
                        catch (OperationCanceledException)
                        {
                            members.Remove(group);
                        }
                    }

                    break;
                case 1 when member is { Error: ErrorCode.None }:
                    using (var patience = new CancellationTokenSource())
                    {
                        var syncing = scene.SyncOverAsync(member, patience.Token, group);
                        for (var yields = 0; yields < 50 && !syncing.IsCompleted; yields++)
                            await Task.Yield();
                        await patience.CancelAsync();
                        await syncing.ContinueWith(_ => { }, TaskScheduler.Default);
                    }

                    break;
                case 2:
                    scene.Coordinator.Leave(group, [new MemberIdentity("", $"{caller}")], new ErrorCode[1]);
                    members.Remove(group);
                    break;
                case 3:
                    await scene.Coordinator.DeleteAsync(group);
                    break;
                case 4:
                    await scene.Coordinator.DeleteOffsetsAsync(group, [new TopicPartition("payments", random.Next(10))]);
                    break;
                case 5:
                    await scene.Coordinator.ForgetTopicAsync("payments");
                    break;
                case 6:
                    await scene.Coordinator.ExpireOffsetsAsync();
                    break;
                default:
                    await scene.CommitAsync(random.Next(1000), random.Next(2) == 0 ? "orders" : "payments", random.Next(10), group, member);
                    break;
            }
        }
    }

    // Members that are between two generations are in the log as they were in the last one: only offsets are told for sure, and that a group is there.
    private static List<string> Seen(CoordinatorScene scene) =>
        [.. scene.Coordinator.Offsets().Select(offset => offset.ToString()).Order()];
}
