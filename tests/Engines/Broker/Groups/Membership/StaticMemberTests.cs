using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

public sealed class StaticMemberTests
{
    [Fact]
    public void A_static_member_joins_without_being_given_an_id_first()
    {
        var scene = new GroupScene();
        var a = scene.Consumer("a", "one");
        a.JoinOnce();
        scene.Elapse(3000);

        Assert.StartsWith("one-", a.Joined.Answer.MemberId, StringComparison.Ordinal);
        Assert.Equal("one", Assert.Single(a.Joined.Answer.Members).InstanceId);
    }

    [Fact]
    public void Started_again_within_its_session_it_keeps_its_assignment_and_nobody_rebalances()
    {
        var (scene, a, b) = Settled();
        scene.Elapse(5000, a);
        var again = scene.Consumer("b", "two");
        again.Join();

        Assert.Equal((1, ErrorCode.None, false), (again.Generation, again.Joined.Answer.Error, again.Joined.Answer.SkipAssignment));
        Assert.NotEqual(b.MemberId, again.Joined.Answer.MemberId);
        again.Sync();
        Assert.Equal("b", again.Assignment);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (a.Heartbeat(), again.Heartbeat()));
        Assert.Contains(scene.Written[^1].Members, member => member.Identity == again.Identity);
    }

    [Fact]
    public void A_leader_that_is_started_again_is_told_that_there_is_nothing_to_assign()
    {
        var (scene, _, _) = Settled();
        var again = scene.Consumer("a", "one");
        var answer = again.Join().Answer;

        Assert.Equal((true, 2, answer.MemberId), (answer.SkipAssignment, answer.Members.Count, answer.Leader));
        again.Sync();
        Assert.Equal("a", again.Assignment);
    }

    [Fact]
    public void A_leader_of_an_older_client_that_is_started_again_takes_another_for_the_leader()
    {
        var (scene, a, _) = Settled();
        var again = new Consumer(scene, "a") { InstanceId = "one", KnowsSkippedAssignment = false, SessionMs = 10_000, RebalanceMs = 60_000 };
        var answer = again.Join().Answer;

        Assert.Equal((a.MemberId, false, 0), (answer.Leader, answer.SkipAssignment, answer.Members.Count));
        again.Sync();
        Assert.Equal("a", again.Assignment);
    }

    [Fact]
    public void The_process_before_is_fenced_whatever_it_asks()
    {
        var (scene, _, b) = Settled();
        scene.Consumer("b", "two").Join();

        Assert.Equal(ErrorCode.FencedInstanceId, b.Heartbeat());
        Assert.Equal(ErrorCode.FencedInstanceId, b.Commit());
        Assert.Equal(ErrorCode.FencedInstanceId, b.SyncAs(1, []).Answer.Error);
        Assert.Equal(ErrorCode.FencedInstanceId, b.Leave());
        Assert.Equal(ErrorCode.FencedInstanceId, b.Join().Answer.Error);
    }

    [Fact]
    public void The_process_before_is_fenced_while_it_waits()
    {
        var (scene, a, b) = Settled();
        a.Join();
        b.Join();
        var before = b.Joined;
        Assert.False(before.IsPending);
        b.Sync();
        scene.Consumer("b", "two").Join();

        Assert.Equal(ErrorCode.FencedInstanceId, b.Synced.Answer.Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
    }

    [Fact]
    public void Started_again_while_joins_are_awaited_it_joins_in_its_own_place()
    {
        var (scene, a, b) = Settled();
        a.Join();
        var again = scene.Consumer("b", "two");
        again.Join();

        Assert.Equal((2, 2), (a.Generation, again.Generation));
        Assert.Equal(["one", "two"], a.Joined.Answer.Members.Select(member => member.InstanceId));
        Assert.DoesNotContain(a.Joined.Answer.Members, member => member.MemberId == b.MemberId);
    }

    [Fact]
    public void One_that_comes_back_with_other_protocols_starts_a_rebalance_where_they_change_what_is_chosen()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a", "one", ["range", "sticky"]), scene.Consumer("b", "two", ["range", "sticky"]));
        scene.Settle(a, b);
        var again = scene.Consumer("b", "two", ["sticky"]);
        again.Join();
        Assert.True(again.Joined.IsPending);
        a.Join();

        Assert.Equal(("sticky", 2), (again.Joined.Answer.Protocol, again.Generation));
    }

    [Fact]
    public void Silent_while_the_others_join_it_keeps_its_place_until_its_session_ends()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a", "one"), scene.Consumer("b", "two", sessionMs: 90_000));
        scene.Settle(a, b);
        a.Join();
        scene.Elapse(60_000);

        Assert.Equal(["one", "two"], a.Joined.Answer.Members.Select(member => member.InstanceId));
        a.Sync(a, b);
        Assert.Equal("a", a.Assignment);
        scene.Elapse(29_000, a);
        Assert.Equal(ErrorCode.None, a.Heartbeat());
        scene.Elapse(1000, a);
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
    }

    [Fact]
    public void When_nobody_joins_in_time_the_rebalance_goes_on_until_somebody_does()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a", "one", sessionMs: 600_000), scene.Consumer("b"));
        scene.Settle(a, b);
        scene.Elapse(10_000);
        scene.Elapse(120_000);
        Assert.Equal((GroupState.PreparingRebalance, 1), (scene.Group.State, scene.Group.Generation));
        a.Join();

        Assert.Equal(2, a.Generation);
    }

    [Fact]
    public void One_that_leaves_is_gone_at_once()
    {
        var (scene, a, b) = Settled();
        Assert.Equal(ErrorCode.None, b.Leave());

        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
        Assert.Equal(ErrorCode.UnknownMemberId, b.Heartbeat());
        Assert.Equal(GroupState.PreparingRebalance, scene.Group.State);
    }

    [Fact]
    public void An_operator_can_take_one_out_by_its_name()
    {
        var (scene, a, b) = Settled();
        var errors = new ErrorCode[2];
        scene.Do(group => group.Leave([new MemberIdentity("", "two"), new MemberIdentity("", "three")], errors, scene.Now));

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], errors);
        Assert.Equal(ErrorCode.UnknownMemberId, b.Heartbeat());
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Heartbeat());
    }

    [Fact]
    public void A_name_that_nobody_has_is_unknown()
    {
        var (_, a, _) = Settled();
        var other = new Consumer(new GroupScene(), "x") { InstanceId = "three", MemberId = a.MemberId };

        Assert.Equal(ErrorCode.UnknownMemberId, other.HeartbeatAs(1));
    }

    [Fact]
    public void When_its_new_id_cannot_be_written_the_one_before_stays()
    {
        var (scene, a, b) = Settled();
        scene.HoldsWrites = true;
        var again = scene.Consumer("b", "two");
        again.Join();
        Assert.True(again.Joined.IsPending);
        scene.FinishWrites(ErrorCode.NotCoordinator);

        Assert.Equal(ErrorCode.NotCoordinator, again.Joined.Answer.Error);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (a.Heartbeat(), b.Heartbeat()));
        Assert.Equal("b", System.Text.Encoding.UTF8.GetString(b.SyncAs(1, []).Answer.Assignment.Span));
    }

    [Fact]
    public void When_a_rebalance_begins_while_its_new_id_is_written_it_has_joined_that()
    {
        var (scene, a, _) = Settled();
        scene.HoldsWrites = true;
        var again = scene.Consumer("b", "two");
        again.Join();
        a.Join();
        Assert.Equal((2, 2), (a.Generation, again.Generation));
        scene.FinishWrites(ErrorCode.None);

        Assert.Equal(GroupState.CompletingRebalance, scene.Group.State);
        Assert.Equal(ErrorCode.None, again.Joined.Answer.Error);
    }

    private static (GroupScene Scene, Consumer A, Consumer B) Settled()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a", "one"), scene.Consumer("b", "two"));
        scene.Settle(a, b);
        return (scene, a, b);
    }
}
