using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

public sealed class SyncTests
{
    [Fact]
    public void Members_wait_for_the_leaders_assignment_and_get_each_its_own()
    {
        var (_, a, b) = Joined();
        b.Sync();
        Assert.True(b.Synced.IsPending);
        a.Sync(a, b);

        Assert.Equal(("a", "b"), (a.Assignment, b.Assignment));
        Assert.Equal(("consumer", "range"), (b.Synced.Answer.ProtocolType, b.Synced.Answer.Protocol));
    }

    [Fact]
    public void Who_comes_late_for_its_assignment_gets_it_at_once()
    {
        var (_, a, b) = Joined();
        a.Sync(a, b);

        Assert.Equal("b", System.Text.Encoding.UTF8.GetString(b.Sync().Answer.Assignment.Span));
    }

    [Fact]
    public void A_member_that_the_leader_forgot_gets_nothing_and_one_that_it_made_up_does_not_matter()
    {
        var (_, a, b) = Joined();
        b.Sync();
        a.SyncAs(1, [new MemberAssignment(a.MemberId, Consumer.Bytes("all")), new MemberAssignment("nobody", Consumer.Bytes("x"))]);

        Assert.Equal(("all", ""), (a.Assignment, b.Assignment));
        Assert.Equal(ErrorCode.None, b.Synced.Answer.Error);
    }

    [Fact]
    public void An_assignment_is_given_out_when_it_is_durable()
    {
        var (scene, a, b) = Joined();
        scene.HoldsWrites = true;
        b.Sync();
        a.Sync(a, b);
        Assert.Equal((true, true, GroupState.CompletingRebalance), (a.Synced.IsPending, b.Synced.IsPending, scene.Group.State));
        scene.FinishWrites(ErrorCode.None);

        Assert.Equal(("a", "b", GroupState.Stable), (a.Assignment, b.Assignment, scene.Group.State));
    }

    [Fact]
    public void An_assignment_that_cannot_be_written_is_given_to_nobody_and_they_join_again()
    {
        var (scene, a, b) = Joined();
        scene.HoldsWrites = true;
        b.Sync();
        a.Sync(a, b);
        scene.FinishWrites(ErrorCode.NotCoordinator);
        Assert.Equal((ErrorCode.NotCoordinator, ErrorCode.NotCoordinator), (a.Synced.Answer.Error, b.Synced.Answer.Error));
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
        scene.HoldsWrites = false;

        scene.Settle(a, b);
        Assert.Equal(2, a.Generation);
    }

    [Fact]
    public void An_assignment_that_was_made_for_those_who_were_there_before_is_not_given_out()
    {
        var (scene, a, b) = Joined();
        scene.HoldsWrites = true;
        b.Sync();
        a.Sync(a, b);
        b.Leave();
        Assert.Equal(ErrorCode.UnknownMemberId, b.Synced.Answer.Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Synced.Answer.Error);
        a.Join();
        scene.FinishWrites(ErrorCode.None);

        Assert.Equal((2, GroupState.CompletingRebalance), (a.Generation, scene.Group.State));
        a.Sync(a);
        scene.FinishWrites(ErrorCode.None);
        Assert.Equal("a", a.Assignment);
    }

    [Fact]
    public void An_assignment_that_a_leader_sends_twice_counts_once()
    {
        var (scene, a, _) = Joined();
        scene.HoldsWrites = true;
        var first = a.SyncAs(1, [new MemberAssignment(a.MemberId, Consumer.Bytes("first"))]);
        a.SyncAs(1, [new MemberAssignment(a.MemberId, Consumer.Bytes("second"))]);
        Assert.Equal(ErrorCode.RebalanceInProgress, first.Answer.Error);
        scene.FinishWrites(ErrorCode.None);

        Assert.Equal("first", a.Assignment);
        Assert.Single(scene.Written);
    }

    [Fact]
    public void An_assignment_that_is_too_large_fails_for_all_and_the_next_one_may_do()
    {
        var scene = new GroupScene(new GroupRules { InitialDelayMs = 0, MaxGroupBytes = 100 });
        var a = scene.Consumer("a");
        a.Join();
        a.MemberId = a.Joined.Answer.MemberId;

        Assert.Equal(ErrorCode.Unknown, a.SyncAs(1, [new MemberAssignment(a.MemberId, new byte[100])]).Answer.Error);
        scene.Settle(a);
    }

    [Fact]
    public void What_is_said_of_another_generation_or_protocol_is_refused()
    {
        var (scene, a, b) = Joined();

        Assert.Equal(ErrorCode.IllegalGeneration, b.SyncAs(0, []).Answer.Error);
        Assert.Equal(ErrorCode.IllegalGeneration, a.SyncAs(2, [new MemberAssignment(a.MemberId, Consumer.Bytes("x"))]).Answer.Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, b.SyncAs(1, [], protocol: "sticky").Answer.Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, b.SyncAs(1, [], protocolType: "connect").Answer.Error);
        Assert.Equal(ErrorCode.IllegalGeneration, b.HeartbeatAs(0));
        Assert.Equal(ErrorCode.IllegalGeneration, b.CommitAs(2));
        Assert.Equal(GroupState.CompletingRebalance, scene.Group.State);
    }

    [Fact]
    public void Who_does_not_ask_for_its_assignment_in_the_time_of_a_rebalance_is_gone()
    {
        var (scene, a, b) = Joined();
        a.Sync(a, b);
        scene.Elapse(60_000, a, b);

        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
        Assert.Equal(ErrorCode.UnknownMemberId, b.Heartbeat());
        a.Join();
        Assert.Single(a.Joined.Answer.Members);
    }

    [Fact]
    public void When_the_leader_brings_no_assignment_in_time_the_others_go_on_without_it()
    {
        var (scene, a, b) = Joined();
        b.Sync();
        scene.Elapse(60_000, a);

        Assert.Equal(ErrorCode.RebalanceInProgress, b.Synced.Answer.Error);
        Assert.Equal(ErrorCode.UnknownMemberId, a.Heartbeat());
        b.Join();
        Assert.True(b.IsLeader);
    }

    [Fact]
    public void Who_waits_for_its_assignment_may_be_silent_and_its_session_begins_with_the_answer()
    {
        var (scene, a, b) = Joined();
        b.Sync();
        scene.Elapse(50_000, a);
        Assert.True(b.Synced.IsPending);
        a.Sync(a, b);
        scene.Elapse(9999, a);

        Assert.Equal(ErrorCode.None, b.Heartbeat());
    }

    [Fact]
    public void A_caller_that_is_gone_while_it_waits_can_ask_again()
    {
        var (scene, a, b) = Joined();
        b.Sync();
        b.Disconnect();
        a.Sync(a, b);
        Assert.True(b.Synced.IsPending);
        scene.Elapse(5000, a);

        Assert.Equal(ErrorCode.None, b.Sync().Answer.Error);
        Assert.Equal("b", b.Assignment);
    }

    [Fact]
    public void While_joins_are_awaited_nobody_gets_an_assignment()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();

        Assert.Equal(ErrorCode.RebalanceInProgress, members[1].SyncAs(1, []).Answer.Error);
    }

    private static (GroupScene Scene, Consumer A, Consumer B) Joined()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b"));
        a.Join();
        b.Join();
        scene.Elapse(9000);
        return (scene, a, b);
    }
}
