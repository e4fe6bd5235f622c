using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

public sealed class RebalanceTests
{
    [Fact]
    public void Two_consumers_join_a_third_one_leaves_silently_and_the_two_go_on()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b", "c");
        scene.Elapse(11_000, members[0], members[1]);
        Assert.Equal(ErrorCode.RebalanceInProgress, members[0].Heartbeat());
        members[0].Join();
        members[1].Join();

        Assert.Equal((2, 2), (members[0].Generation, members[1].Generation));
        Assert.Equal(2, members[0].Joined.Answer.Members.Count);
        Assert.Equal(ErrorCode.UnknownMemberId, members[2].Heartbeat());
    }

    [Fact]
    public void Members_that_send_heartbeats_stay_for_as_long_as_they_like()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        scene.Elapse(3_600_000, members);

        Assert.Equal(1, scene.Group.Generation);
        Assert.Equal(GroupState.Stable, scene.Group.State);
    }

    [Fact]
    public void Commits_count_as_heartbeats()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        for (var i = 0; i < 10; i++)
        {
            scene.Elapse(9000);
            Assert.Equal(ErrorCode.None, a.Commit());
        }
    }

    [Fact]
    public void A_member_whose_session_ends_is_gone_and_the_last_one_leaves_an_empty_group()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        scene.Elapse(9999);
        Assert.Equal(GroupState.Stable, scene.Group.State);
        scene.Elapse(1);

        Assert.Equal((GroupState.Empty, 2), (scene.Group.State, scene.Group.Generation));
        Assert.Equal(ErrorCode.UnknownMemberId, a.Heartbeat());
        Assert.Equal((2, null, 0), (scene.Written[^1].Generation, scene.Written[^1].Protocol, scene.Written[^1].Members.Count));
    }

    [Fact]
    public void Members_send_heartbeats_and_commit_while_the_others_join()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        var c = scene.Consumer("c");
        c.Join();
        for (var i = 0; i < 4; i++)
        {
            scene.Elapse(9000);
            Assert.All(members, member => Assert.Equal(ErrorCode.RebalanceInProgress, member.Heartbeat()));
            Assert.All(members, member => Assert.Equal(ErrorCode.None, member.Commit()));
        }

        foreach (var member in members)
            member.Join();
        Assert.Equal((2, 2, 2), (members[0].Generation, members[1].Generation, c.Generation));
    }

    [Fact]
    public void Between_join_and_assignment_heartbeats_are_welcome_and_commits_are_not()
    {
        var scene = new GroupScene(new GroupRules { InitialDelayMs = 0 });
        var a = scene.Consumer("a");
        a.Join();

        Assert.Equal(ErrorCode.None, a.Heartbeat());
        Assert.Equal(ErrorCode.RebalanceInProgress, a.Commit());
    }

    [Fact]
    public void Who_has_not_joined_when_the_rebalance_may_take_no_longer_is_left_behind()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();
        scene.Elapse(59_000, members[1]);
        Assert.True(members[0].Joined.IsPending);
        scene.Elapse(1000, members[1]);

        Assert.Equal(2, members[0].Generation);
        Assert.Equal(members[0].MemberId, Assert.Single(members[0].Joined.Answer.Members).MemberId);
        Assert.Equal(ErrorCode.UnknownMemberId, members[1].Heartbeat());
        Assert.Equal(ErrorCode.UnknownMemberId, members[1].Join().Answer.Error);
    }

    [Fact]
    public void A_rebalance_waits_as_long_as_its_most_patient_member_gives_it()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a", rebalanceMs: 20_000), scene.Consumer("b", rebalanceMs: 40_000));
        scene.Settle(a, b);
        a.Join();
        scene.Elapse(39_000, b);
        Assert.True(a.Joined.IsPending);
        scene.Elapse(1000, b);

        Assert.Equal(2, a.Generation);
    }

    [Fact]
    public void When_the_leader_is_left_behind_another_one_leads()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b", "c");
        members[2].Topic = "payments";
        members[1].Join();
        members[2].Join();
        members[1].Topic = "payments";
        members[1].Join();
        scene.Elapse(60_000, members[0]);

        Assert.True(members[1].IsLeader);
        Assert.Equal(2, members[1].Joined.Answer.Members.Count);
        Assert.Equal(members[1].MemberId, members[2].Joined.Answer.Leader);
    }

    [Fact]
    public void When_the_leader_leaves_the_longest_standing_member_leads()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b", "c");
        Assert.Equal(ErrorCode.None, members[0].Leave());
        members[2].Join();
        members[1].Join();

        Assert.True(members[1].IsLeader);
        Assert.Equal(["b", "c"], members[1].Joined.Answer.Members.Select(m => m.MemberId.Split('-')[0]));
    }

    [Fact]
    public void Whoever_leaves_is_missed_at_once()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        Assert.Equal(ErrorCode.None, members[1].Leave());
        Assert.Equal(ErrorCode.RebalanceInProgress, members[0].Heartbeat());
        members[0].Join();

        Assert.Single(members[0].Joined.Answer.Members);
    }

    [Fact]
    public void Whoever_is_waited_for_last_and_leaves_holds_nobody_up()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();
        members[1].Leave();

        Assert.Equal(2, members[0].Generation);
    }

    [Fact]
    public void Who_leaves_while_it_waits_is_told_that_it_is_no_member()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();
        members[0].Leave();

        Assert.Equal(ErrorCode.UnknownMemberId, members[0].Joined.Answer.Error);
    }

    [Fact]
    public void An_id_that_was_given_out_can_leave_and_nobody_rebalances()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        var b = scene.Consumer("b");
        b.MemberId = b.JoinOnce().Answer.MemberId;

        Assert.Equal(ErrorCode.None, b.Leave());
        Assert.Equal(ErrorCode.None, a.Heartbeat());
        Assert.Equal(ErrorCode.UnknownMemberId, b.Join().Answer.Error);
    }

    [Fact]
    public void Several_leave_with_one_call_each_with_its_own_answer()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b", "c");
        var errors = new ErrorCode[3];
        scene.Do(group => group.Leave([members[1].Identity, new MemberIdentity("nobody"), members[2].Identity], errors, scene.Now));
        members[0].Join();

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None], errors);
        Assert.Single(members[0].Joined.Answer.Members);
    }

    [Fact]
    public void A_group_with_members_cannot_be_killed_and_an_empty_one_can_once()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        Assert.Equal(ErrorCode.NonEmptyGroup, scene.Group.Kill());
        a.Leave();

        Assert.Equal(ErrorCode.None, scene.Group.Kill());
        Assert.Equal(ErrorCode.GroupIdNotFound, scene.Group.Kill());
        scene.Group.Revive();
        Assert.Equal(GroupState.Empty, scene.Group.State);
    }

    [Fact]
    public void A_group_that_has_been_empty_counts_on_from_its_last_generation()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        a.Leave();
        var b = scene.Consumer("b");
        b.Join();
        scene.Elapse(3000);

        Assert.Equal(3, b.Generation);
    }
}
