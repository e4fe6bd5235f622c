using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

public sealed class JoinTests
{
    [Fact]
    public void Two_consumers_that_come_together_are_in_one_generation_with_one_leader()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b"));
        a.Join();
        b.Join();
        scene.Elapse(6000);

        Assert.Equal((1, 1), (a.Generation, b.Generation));
        Assert.True(a.IsLeader);
        Assert.False(b.IsLeader);
        Assert.Equal([a.MemberId, b.MemberId], a.Joined.Answer.Members.Select(m => m.MemberId));
        Assert.Empty(b.Joined.Answer.Members);
        Assert.Equal(("consumer", "range"), (b.Joined.Answer.ProtocolType, b.Joined.Answer.Protocol));
    }

    [Fact]
    public void An_empty_group_waits_three_seconds_for_more_members_and_again_with_each_of_them()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b"));
        a.Join();
        scene.Elapse(2000);
        b.Join();
        scene.Elapse(3999);
        Assert.True(a.Joined.IsPending);
        scene.Elapse(1);

        Assert.Equal(2, a.Joined.Answer.Members.Count);
    }

    [Fact]
    public void However_many_come_an_empty_group_waits_no_longer_than_its_first_members_rebalance_may_take()
    {
        var scene = new GroupScene();
        var consumers = Enumerable.Range(0, 10).Select(i => scene.Consumer($"{i}", rebalanceMs: 8000)).ToList();
        for (var i = 0; i < 8; i++)
        {
            consumers[i].Join();
            Assert.Equal(i == 0, i == 0 && consumers[0].Joined.IsPending);
            scene.Elapse(1000);
        }

        Assert.Equal(8, consumers[0].Joined.Answer.Members.Count);
    }

    [Fact]
    public void Without_an_initial_delay_the_first_member_is_answered_at_once()
    {
        var scene = new GroupScene(new GroupRules { InitialDelayMs = 0 });
        var a = scene.Consumer("a");

        Assert.Equal(1, a.Join().Answer.Generation);
    }

    [Fact]
    public void A_new_member_is_given_an_id_first_and_the_id_is_its_clients_name_with_something_unique()
    {
        var scene = new GroupScene();
        var a = scene.Consumer("billing");
        var answer = a.JoinOnce().Answer;

        Assert.Equal(ErrorCode.MemberIdRequired, answer.Error);
        Assert.StartsWith("billing-", answer.MemberId, StringComparison.Ordinal);
        Assert.Equal(GroupState.Empty, scene.Group.State);
    }

    [Fact]
    public void A_client_of_old_joins_without_an_id_of_its_own()
    {
        var scene = new GroupScene();
        var a = new Consumer(scene, "a") { NeedsMemberId = false, SessionMs = 10_000, RebalanceMs = 60_000 };
        a.JoinOnce();
        scene.Elapse(3000);

        Assert.Equal(1, a.Generation);
        Assert.Equal(a.Joined.Answer.Leader, a.Joined.Answer.MemberId);
    }

    [Fact]
    public void An_id_that_is_not_used_within_its_session_is_taken_back()
    {
        var scene = new GroupScene();
        var a = scene.Consumer("a");
        a.MemberId = a.JoinOnce().Answer.MemberId;
        scene.Elapse(10_000);

        Assert.Equal(ErrorCode.UnknownMemberId, a.JoinOnce().Answer.Error);
        Assert.True(scene.Group.IsUntouched);
    }

    [Fact]
    public void A_rebalance_waits_for_who_was_given_an_id()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        var b = scene.Consumer("b");
        b.MemberId = b.JoinOnce().Answer.MemberId;
        a.Join();
        Assert.True(a.Joined.IsPending);
        b.Join();

        Assert.Equal(2, a.Joined.Answer.Members.Count);
        Assert.Equal(2, b.Generation);
    }

    [Fact]
    public void A_member_that_nobody_knows_is_told_so()
    {
        var scene = new GroupScene();
        scene.Settled("a");
        var stranger = scene.Consumer("x");
        stranger.MemberId = "x-1";

        Assert.Equal(ErrorCode.UnknownMemberId, stranger.Join().Answer.Error);
        Assert.Equal(ErrorCode.UnknownMemberId, stranger.SyncAs(1, []).Answer.Error);
        Assert.Equal(ErrorCode.UnknownMemberId, stranger.HeartbeatAs(1));
        Assert.Equal(ErrorCode.UnknownMemberId, stranger.CommitAs(1));
        Assert.Equal(ErrorCode.UnknownMemberId, stranger.Leave());
    }

    [Fact]
    public void A_member_whose_protocols_nobody_shares_is_refused_and_the_group_is_as_it_was()
    {
        var scene = new GroupScene();
        var a = scene.Settled("a")[0];
        var b = scene.Consumer("b", protocols: ["sticky"]);

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, b.Join().Answer.Error);
        Assert.Equal(ErrorCode.None, a.Heartbeat());
    }

    [Theory]
    [InlineData("", "range")]
    [InlineData("consumer", null)]
    public void An_empty_group_wants_a_kind_and_a_protocol(string type, string? protocol)
    {
        var scene = new GroupScene();
        var reply = new Reply<JoinAnswer>();
        var call = new JoinCall
        {
            Group = "g",
            SessionTimeoutMs = 10_000,
            RebalanceTimeoutMs = 10_000,
            ProtocolType = type,
            Protocols = protocol is null ? [] : [new MemberProtocol(protocol, default)],
        };
        scene.Do(group => group.Join(call, reply, scene.Now));

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, reply.Answer.Error);
    }

    [Fact]
    public void The_protocol_that_most_members_prefer_is_chosen_among_those_that_all_of_them_know()
    {
        var scene = new GroupScene();
        Consumer[] consumers =
        [
            scene.Consumer("a", protocols: ["range", "sticky"]),
            scene.Consumer("b", protocols: ["sticky", "range"]),
            scene.Consumer("c", protocols: ["own", "sticky", "range"]),
        ];
        scene.Settle(consumers);

        Assert.All(consumers, consumer => Assert.Equal("sticky", consumer.Joined.Answer.Protocol));
    }

    [Fact]
    public void A_group_moves_to_another_protocol_one_member_after_another()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b"));
        scene.Settle(a, b);
        foreach (var consumer in (Consumer[])[a, b])
        {
            consumer.Protocols = ["sticky", "range"];
            consumer.Join();
            (consumer == a ? b : a).Join();
            a.Sync(a, b);
            b.Sync();
        }

        foreach (var consumer in (Consumer[])[a, b])
            consumer.Protocols = ["sticky"];
        a.Join();
        b.Join();

        Assert.Equal(("sticky", "sticky"), (a.Joined.Answer.Protocol, b.Joined.Answer.Protocol));
    }

    [Fact]
    public void A_group_has_no_more_members_than_allowed()
    {
        var scene = new GroupScene(new GroupRules { MaxMembers = 2 });
        var (a, b, c) = (scene.Consumer("a"), scene.Consumer("b"), scene.Consumer("c"));
        scene.Settle(a, b);

        Assert.Equal(ErrorCode.GroupMaxSizeReached, c.Join().Answer.Error);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (a.Heartbeat(), b.Heartbeat()));
    }

    [Fact]
    public void Of_too_many_that_join_together_the_last_ones_are_turned_away()
    {
        var scene = new GroupScene(new GroupRules { MaxMembers = 2 });
        var consumers = Enumerable.Range(0, 3).Select(i => scene.Consumer($"{i}")).ToList();
        foreach (var consumer in consumers)
            consumer.Join();
        scene.Elapse(9000);

        Assert.Equal(2, consumers[0].Joined.Answer.Members.Count);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, consumers[2].Joined.Answer.Error);
    }

    [Fact]
    public void A_static_member_that_is_started_again_finds_its_place_in_a_full_group_and_nobody_else_gets_it()
    {
        var scene = new GroupScene(new GroupRules { MaxMembers = 2 });
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b", "two", sessionMs: 300_000));
        scene.Settle(a, b);
        Assert.Equal(1, scene.Consumer("b", "two").Join().Answer.Generation);
        a.Join();
        Assert.Equal(ErrorCode.GroupMaxSizeReached, scene.Consumer("c").Join().Answer.Error);
        var again = scene.Consumer("b", "two");
        again.Join();

        Assert.Equal((2, 2), (a.Generation, again.Generation));
    }

    [Fact]
    public void What_members_join_with_is_bounded_in_all_and_those_who_are_there_stay()
    {
        var scene = new GroupScene(new GroupRules { MaxGroupBytes = 100 });
        var members = scene.Settled("a", "b");
        var c = scene.Consumer("c");
        c.Topic = new string('t', 80);

        Assert.Equal(ErrorCode.GroupMaxSizeReached, c.Join().Answer.Error);
        Assert.All(members, member => Assert.Equal(ErrorCode.None, member.Heartbeat()));
        c.Topic = "orders";
        Assert.True(c.Join().IsPending);
    }

    [Fact]
    public void No_more_ids_are_given_out_than_there_may_be_members()
    {
        var scene = new GroupScene(new GroupRules { MaxMembers = 2 });
        for (var i = 0; i < 2; i++)
            Assert.Equal(ErrorCode.MemberIdRequired, scene.Consumer("a").JoinOnce().Answer.Error);

        Assert.Equal(ErrorCode.GroupMaxSizeReached, scene.Consumer("a").JoinOnce().Answer.Error);
        scene.Elapse(10_000);
        Assert.Equal(ErrorCode.MemberIdRequired, scene.Consumer("a").JoinOnce().Answer.Error);
    }

    [Fact]
    public void A_follower_that_joins_again_unchanged_is_told_its_generation_and_nobody_rebalances()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        var answer = members[1].Join().Answer;

        Assert.Equal((1, 0), (answer.Generation, answer.Members.Count));
        Assert.Equal(GroupState.Stable, scene.Group.State);
    }

    [Fact]
    public void A_leader_that_joins_again_wants_to_assign_anew()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();

        Assert.Equal(ErrorCode.RebalanceInProgress, members[1].Heartbeat());
        members[1].Join();
        Assert.Equal(2, members[0].Generation);
    }

    [Fact]
    public void A_follower_that_subscribes_to_something_else_starts_a_rebalance()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[1].Topic = "payments";
        members[1].Join();

        Assert.True(members[1].Joined.IsPending);
        Assert.Equal(ErrorCode.RebalanceInProgress, members[0].Heartbeat());
    }

    [Fact]
    public void A_member_that_lost_its_answer_gets_it_again_leaders_with_everybody()
    {
        var scene = new GroupScene();
        var (a, b) = (scene.Consumer("a"), scene.Consumer("b"));
        a.Join();
        b.Join();
        scene.Elapse(9000);

        Assert.Equal(2, a.Join().Answer.Members.Count);
        Assert.Equal((1, ErrorCode.None), (b.Join().Answer.Generation, b.Joined.Answer.Error));
        Assert.Equal(GroupState.CompletingRebalance, scene.Group.State);
    }

    [Fact]
    public void A_second_call_of_a_member_that_waits_answers_the_first()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        var first = members[0].Join();
        members[0].Join();

        Assert.Equal(ErrorCode.RebalanceInProgress, first.Answer.Error);
        members[1].Join();
        Assert.Equal(2, members[0].Generation);
    }

    [Fact]
    public void A_caller_that_is_gone_has_not_joined_and_may_come_back()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();
        members[0].Disconnect();
        members[1].Join();
        Assert.True(members[1].Joined.IsPending);
        members[0].Join();

        Assert.Equal((2, 2), (members[0].Generation, members[1].Generation));
    }

    [Fact]
    public void A_caller_that_is_gone_and_stays_away_is_left_behind_when_its_session_ends()
    {
        var scene = new GroupScene();
        var members = scene.Settled("a", "b");
        members[0].Join();
        members[0].Disconnect();
        members[1].Join();
        scene.Elapse(10_000);

        Assert.Equal(2, members[1].Generation);
        Assert.Single(members[1].Joined.Answer.Members);
    }

    [Fact]
    public void A_caller_of_old_that_is_gone_before_it_got_its_id_leaves_nothing_behind()
    {
        var scene = new GroupScene();
        var gone = new Consumer(scene, "x") { NeedsMemberId = false, SessionMs = 10_000, RebalanceMs = 60_000 };
        var a = scene.Consumer("a");
        gone.JoinOnce();
        gone.Disconnect();
        a.Join();
        scene.Elapse(9000);

        Assert.Single(a.Joined.Answer.Members);
    }

    [Fact]
    public void A_new_members_join_waits_five_minutes_at_most()
    {
        var scene = new GroupScene();
        var a = scene.Consumer("a", rebalanceMs: 600_000);
        scene.Settle(a);
        var b = scene.Consumer("b");
        b.Join();
        scene.Elapse(300_000, a);

        Assert.Equal(ErrorCode.UnknownMemberId, b.Joined.Answer.Error);
    }

    [Fact]
    public void A_dead_group_sends_its_callers_to_look_again()
    {
        var scene = new GroupScene();
        var a = scene.Consumer("a");
        Assert.Equal(ErrorCode.None, scene.Group.Kill());
        a.MemberId = "a-1";

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, a.Join().Answer.Error);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, a.SyncAs(1, []).Answer.Error);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, a.HeartbeatAs(1));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, a.CommitAs(-1));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, a.Leave());
    }
}
