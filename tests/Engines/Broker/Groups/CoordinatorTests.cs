using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Groups;

public sealed class CoordinatorTests
{
    [Fact]
    public async Task Two_members_join_and_are_given_what_the_leader_assigned()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var first = await scene.SettleAsync();
        var joiningB = scene.JoinAsync(CoordinatorScene.JoinCall());
        Assert.Equal(ErrorCode.RebalanceInProgress, scene.Coordinator.Heartbeat("g", new MemberIdentity(first.MemberId), first.Generation));
        var a = await scene.JoinAsync(CoordinatorScene.JoinCall(memberId: first.MemberId));
        var b = await joiningB;
        var syncingB = scene.SyncAsync(b);
        Assert.False(syncingB.IsCompleted);
        await scene.SyncAsync(a);

        Assert.Equal(b.MemberId, System.Text.Encoding.UTF8.GetString((await syncingB).Assignment.Span));
        var description = scene.Describe();
        Assert.Equal((GroupState.Stable, "consumer", "range"), (description.State, description.ProtocolType, description.Protocol));
        Assert.Equal(["/127.0.0.1", "/127.0.0.1"], description.Members.Select(member => member.ClientHost));
        Assert.All(description.Members, member => Assert.Equal(member.Identity.MemberId, System.Text.Encoding.UTF8.GetString(member.Assignment.Span)));
    }

    [Fact]
    public async Task Time_passes_by_itself_for_all_groups()
    {
        await using var scene = await CoordinatorScene.StartAsync(new GroupLimits());
        var joiningA = scene.JoinAsync(CoordinatorScene.JoinCall("one"));
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        var joiningB = scene.JoinAsync(CoordinatorScene.JoinCall("two"));
        scene.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, (await joiningA).Generation);
        Assert.False(joiningB.IsCompleted);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await joiningB).Generation);
        scene.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([GroupState.Empty, GroupState.Empty], scene.List().Select(group => group.State));
    }

    [Fact]
    public async Task A_heartbeat_puts_off_the_end_of_a_session_and_allocates_nothing()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        for (var i = 0; i < 5; i++)
        {
            scene.Time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(ErrorCode.None, scene.Coordinator.Heartbeat("g", new MemberIdentity(a.MemberId), a.Generation));
        }

        Assert.Equal(0, Allocations.Fewest(() => scene.Coordinator.Heartbeat("g", new MemberIdentity(a.MemberId), a.Generation)));
    }

    [Fact]
    public async Task A_connection_that_goes_away_takes_its_join_back()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        using var connection = new CancellationTokenSource();
        var joining = scene.Coordinator.JoinAsync(CoordinatorScene.JoinCall(), connection.Token);
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
        var again = await scene.JoinAsync(CoordinatorScene.JoinCall(memberId: a.MemberId));

        Assert.Equal((ErrorCode.None, 1), (again.Error, again.Members.Count));
    }

    [Fact]
    public async Task A_connection_that_goes_away_takes_its_sync_back_and_another_can_ask_again()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var joined = await scene.JoinAsync(CoordinatorScene.JoinCall());
        scene.Store.Holds = true;
        using var connection = new CancellationTokenSource();
        var syncing = scene.SyncOverAsync(joined, connection.Token);
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => syncing);
        scene.Store.Finish();

        Assert.Equal(ErrorCode.None, (await scene.SyncAsync(joined)).Error);
        Assert.Equal(GroupState.Stable, scene.Describe().State);
    }

    [Fact]
    public async Task An_assignment_that_the_log_refuses_is_given_to_nobody()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var joined = await scene.JoinAsync(CoordinatorScene.JoinCall());
        scene.Store.Error = ErrorCode.NotEnoughReplicas;

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await scene.SyncAsync(joined)).Error);
        Assert.Equal(GroupState.PreparingRebalance, scene.Describe().State);
    }

    [Theory]
    [InlineData(5999, ErrorCode.InvalidSessionTimeout)]
    [InlineData(6000, ErrorCode.None)]
    [InlineData(1_800_000, ErrorCode.None)]
    [InlineData(1_800_001, ErrorCode.InvalidSessionTimeout)]
    internal async Task A_session_is_six_seconds_to_half_an_hour(int sessionMs, ErrorCode error)
    {
        await using var scene = await CoordinatorScene.StartAsync();

        Assert.Equal(error, (await scene.JoinAsync(CoordinatorScene.JoinCall() with { SessionTimeoutMs = sessionMs })).Error);
    }

    [Fact]
    public async Task What_is_too_long_or_too_much_is_refused_and_nothing_is_kept_of_it()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var call = CoordinatorScene.JoinCall();
        (JoinCall Call, ErrorCode Error)[] cases =
        [
            (call with { Group = "" }, ErrorCode.InvalidGroupId),
            (call with { Group = new string('g', 256) }, ErrorCode.InvalidGroupId),
            (call with { Identity = new MemberIdentity("", "") }, ErrorCode.InvalidConfig),
            (call with { Identity = new MemberIdentity("", "..") }, ErrorCode.InvalidConfig),
            (call with { Identity = new MemberIdentity("", "a b") }, ErrorCode.InvalidConfig),
            (call with { Identity = new MemberIdentity("", new string('i', 250)) }, ErrorCode.InvalidConfig),
            (call with { ProtocolType = new string('t', 256) }, ErrorCode.PolicyViolation),
            (call with { Protocols = [.. Enumerable.Range(0, 65).Select(i => new MemberProtocol($"{i}", default))] }, ErrorCode.PolicyViolation),
            (call with { Protocols = [new MemberProtocol("range", new byte[(1 << 20) - 4])] }, ErrorCode.PolicyViolation),
            (call with { Protocols = [] }, ErrorCode.InconsistentGroupProtocol),
            (call with { Identity = new MemberIdentity("a-1") }, ErrorCode.UnknownMemberId),
        ];
        foreach (var (wrong, error) in cases)
            Assert.Equal(error, (await scene.JoinAsync(wrong)).Error);

        Assert.Empty(scene.List());
        Assert.Equal(0, scene.Store.Count);
    }

    [Fact]
    public async Task There_are_no_more_groups_than_allowed_and_those_that_are_there_go_on()
    {
        await using var scene = await CoordinatorScene.StartAsync(new GroupLimits { MaxGroups = 1, Rules = new GroupRules { InitialDelayMs = 0 } });
        var a = await scene.SettleAsync();

        Assert.Equal(ErrorCode.PolicyViolation, (await scene.JoinAsync(CoordinatorScene.JoinCall("other"))).Error);
        Assert.Equal(ErrorCode.PolicyViolation, await scene.CommitAsync(1, group: "other"));
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(1, by: a));
        scene.Coordinator.Leave("g", [new MemberIdentity(a.MemberId)], new ErrorCode[1]);
        Assert.Equal(ErrorCode.None, await scene.Coordinator.DeleteAsync("g"));
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(1, group: "other"));
    }

    [Fact]
    public async Task A_clients_long_name_is_cut_and_a_call_without_a_time_to_rebalance_gives_its_session()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var joined = await scene.JoinAsync(CoordinatorScene.JoinCall() with { ClientId = new string('c', 254) + "\U0001F600", RebalanceTimeoutMs = -1 });
        await scene.SyncAsync(joined);

        Assert.Equal(new string('c', 254), Assert.Single(scene.Describe().Members).ClientId);
        await scene.RestartAsync();
        Assert.Equal(joined.MemberId, Assert.Single(scene.Describe().Members).Identity.MemberId);
    }

    [Fact]
    public async Task What_a_call_brought_may_be_overwritten_after_it()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var subscription = Membership.Consumer.Subscribed("orders");
        var joined = await scene.JoinAsync(CoordinatorScene.JoinCall() with { Protocols = [new MemberProtocol("range", subscription)] });
        var assignment = new byte[] { 1, 2, 3 };
        await scene.Coordinator.SyncAsync(
            new SyncCall
            {
                Group = "g",
                Identity = new MemberIdentity(joined.MemberId),
                Generation = joined.Generation,
                Assignments = [new MemberAssignment(joined.MemberId, assignment)],
            },
            TestContext.Current.CancellationToken);
        subscription.AsSpan().Clear();
        assignment.AsSpan().Clear();

        var member = Assert.Single(scene.Describe().Members);
        Assert.Equal(Membership.Consumer.Subscribed("orders"), member.Metadata.ToArray());
        Assert.Equal([1, 2, 3], member.Assignment.ToArray());
    }

    [Fact]
    public async Task Groups_are_listed_by_their_states_and_described_by_their_names()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.SettleAsync("settled");
        await scene.JoinAsync(CoordinatorScene.JoinCall("joining"));
        await scene.CommitAsync(1, group: "simple");

        Assert.Equal(["joining", "settled", "simple"], scene.List().Select(group => group.Group).Order());
        Assert.Equal([new GroupListing("settled", "consumer", GroupState.Stable)], scene.List(GroupState.Stable));
        Assert.Equal(["joining", "simple"], scene.List(GroupState.Empty, GroupState.CompletingRebalance).Select(group => group.Group).Order());
        Assert.Equal((GroupState.Dead, 0), (scene.Describe("nothing").State, scene.Describe("nothing").Members.Count));
        Assert.Equal((GroupState.CompletingRebalance, "", 1), (scene.Describe("joining").State, scene.Describe("joining").Protocol, scene.Describe("joining").Members.Count));
    }

    [Fact]
    public async Task A_group_with_members_cannot_be_deleted_and_an_empty_one_goes_with_its_offsets()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var a = await scene.SettleAsync();
        await scene.CommitAsync(1, by: a);
        Assert.Equal(ErrorCode.NonEmptyGroup, await scene.Coordinator.DeleteAsync("g"));
        scene.Coordinator.Leave("g", [new MemberIdentity(a.MemberId)], new ErrorCode[1]);

        Assert.Equal(ErrorCode.None, await scene.Coordinator.DeleteAsync("g"));
        Assert.Equal(ErrorCode.GroupIdNotFound, await scene.Coordinator.DeleteAsync("g"));
        Assert.Null(scene.Committed());
        await scene.RestartAsync();
        Assert.Empty(scene.List());
        Assert.Null(scene.Committed());
    }

    [Fact]
    public async Task A_commit_that_is_under_way_goes_with_its_group()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Holds = true;
        var commit = scene.CommitAsync(2, partition: 1);
        var deleting = scene.Coordinator.DeleteAsync("g");
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await scene.CommitAsync(3));
        scene.Store.Finish(reversed: true);
        scene.Store.Holds = false;

        Assert.Equal((ErrorCode.None, ErrorCode.None), (await commit, await deleting));
        await scene.RestartAsync();
        Assert.Empty(scene.List());
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(3));
    }

    [Fact]
    public async Task A_group_whose_delete_fails_is_as_it_was()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.CommitAsync(1);
        scene.Store.Error = ErrorCode.KafkaStorageError;
        Assert.Equal(ErrorCode.NotCoordinator, await scene.Coordinator.DeleteAsync("g"));
        scene.Store.Error = ErrorCode.None;

        Assert.Equal(1, scene.Committed());
        Assert.Equal(ErrorCode.None, await scene.CommitAsync(2));
    }

    [Fact]
    public async Task An_id_that_nobody_used_leaves_no_group_behind()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        Assert.Equal(ErrorCode.MemberIdRequired, (await scene.JoinAsync(CoordinatorScene.JoinCall(needsMemberId: true))).Error);
        Assert.Single(scene.List());
        scene.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(scene.List());
    }

    [Fact]
    public async Task Before_the_log_is_read_callers_are_told_to_ask_again_and_heartbeats_are_welcome()
    {
        await using var scene = CoordinatorScene.NotStarted();
        var joined = new JoinAnswer { MemberId = "a", Generation = 1 };

        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await scene.JoinAsync(CoordinatorScene.JoinCall())).Error);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await scene.SyncAsync(joined)).Error);
        Assert.Equal(ErrorCode.None, scene.Coordinator.Heartbeat("g", new MemberIdentity("a"), 1));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, scene.Coordinator.Leave("g", [], []));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, await scene.CommitAsync(1));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, scene.Coordinator.Fetch("g", null, out _));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await scene.Coordinator.DeleteOffsetsAsync("g", [])).Error);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, await scene.Coordinator.DeleteAsync("g"));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, scene.Coordinator.Describe("g", out _));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, scene.Coordinator.List([], out _));
    }

    [Fact]
    public async Task When_the_coordinator_stops_whoever_waits_is_sent_elsewhere()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        await scene.SettleAsync();
        var joining = scene.JoinAsync(CoordinatorScene.JoinCall());
        await scene.Coordinator.DisposeAsync();

        Assert.Equal(ErrorCode.NotCoordinator, (await joining).Error);
        Assert.Equal(ErrorCode.NotCoordinator, (await scene.JoinAsync(CoordinatorScene.JoinCall())).Error);
        Assert.Equal(ErrorCode.NotCoordinator, scene.Coordinator.Heartbeat("g", new MemberIdentity("a"), 1));
    }

    [Fact]
    public async Task Of_a_group_that_is_not_there_nobody_is_a_member()
    {
        await using var scene = await CoordinatorScene.StartAsync();
        var errors = new ErrorCode[1];

        Assert.Equal(ErrorCode.UnknownMemberId, (await scene.SyncAsync(new JoinAnswer { MemberId = "a", Generation = 1 })).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, scene.Coordinator.Heartbeat("g", new MemberIdentity("a"), 1));
        Assert.Equal(ErrorCode.None, scene.Coordinator.Leave("g", [new MemberIdentity("a")], errors));
        Assert.Equal([ErrorCode.UnknownMemberId], errors);
    }
}
