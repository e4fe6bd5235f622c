using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>What a call to join leads to: an answer at once, an id to come back with, or a place in the next generation.</summary>
internal sealed class Joins(GroupRules rules, Roster roster, Rebalancing rebalancing, Func<Guid> newGuid)
{
    /// <summary>Handles a call; it is answered at once, or when everybody has joined.</summary>
    public void Join(JoinCall call, IReply<JoinAnswer> reply, Moment now)
    {
        var memberId = call.Identity.MemberId;
        if (rebalancing.State == GroupState.Dead)
            reply.Give(JoinAnswer.Failed(ErrorCode.CoordinatorNotAvailable, memberId));
        else if (!HasRoomFor(call))
            TurnAway(memberId, reply, now);
        else if (!Suits(call))
            reply.Give(JoinAnswer.Failed(ErrorCode.InconsistentGroupProtocol, memberId));
        else if (memberId.Length > 0)
            JoinAgain(call, reply, now);
        else if (call.Identity.InstanceId is { } name)
            JoinStatic(call, name, reply, now);
        else
            JoinDynamic(call, reply, now);
    }

    // A member has its place, and so has a static one that was started again. While a rebalance is prepared, dynamic members get theirs by
    // joining, so that the last ones to come are left out of a group that is too large.
    private bool HasRoomFor(JoinCall call)
    {
        if (!roster.TryGet(call.Identity.MemberId, out var member) && call.Identity.InstanceId is { } name)
            roster.TryGetStatic(name, out member);
        if (roster.Bytes - (member?.Call.Bytes ?? 0) + call.Bytes > rules.MaxGroupBytes)
            return false;
        return rebalancing.State switch
        {
            GroupState.Empty => true,
            GroupState.PreparingRebalance => member?.AwaitedJoin is not null || roster.PlacesTaken(member) < rules.MaxMembers,
            _ => member is not null || roster.Members.Count < rules.MaxMembers,
        };
    }

    private void TurnAway(string memberId, IReply<JoinAnswer> reply, Moment now)
    {
        reply.Give(JoinAnswer.Failed(ErrorCode.GroupMaxSizeReached));
        if (roster.TryRemovePending(memberId, out var session))
            rebalancing.Forget(session);
        else if (roster.TryGet(memberId, out var member))
            rebalancing.Remove(member);
        rebalancing.CompleteIfAllJoined(now);
    }

    private bool Suits(JoinCall call) =>
        rebalancing.State == GroupState.Empty
            ? call.ProtocolType.Length > 0 && call.Protocols.Count > 0
            : call.ProtocolType == rebalancing.ProtocolType && roster.AllKnowAnyOf(call.Protocols);

    private void JoinDynamic(JoinCall call, IReply<JoinAnswer> reply, Moment now)
    {
        var memberId = NewId(call.ClientId);
        if (!call.NeedsMemberId)
        {
            Add(call, memberId, isTold: false, reply, now);
        }
        else if (roster.Pending >= rules.MaxMembers)
        {
            reply.Give(JoinAnswer.Failed(ErrorCode.GroupMaxSizeReached));
        }
        else
        {
            rebalancing.EndAfter(roster.AddPending(memberId), call.SessionTimeoutMs, now);
            reply.Give(JoinAnswer.Failed(ErrorCode.MemberIdRequired, memberId));
        }
    }

    private void JoinStatic(JoinCall call, string name, IReply<JoinAnswer> reply, Moment now)
    {
        if (roster.TryGetStatic(name, out var old))
            Replace(old, call, NewId(name), reply, now);
        else
            Add(call, NewId(name), isTold: false, reply, now);
    }

    private void JoinAgain(JoinCall call, IReply<JoinAnswer> reply, Moment now)
    {
        var memberId = call.Identity.MemberId;
        if (call.Identity.InstanceId is null && roster.TryRemovePending(memberId, out var session))
        {
            rebalancing.Forget(session);
            Add(call, memberId, isTold: true, reply, now);
            return;
        }

        var error = roster.Find(call.Identity, out var member);
        if (error != ErrorCode.None)
        {
            reply.Give(JoinAnswer.Failed(error, memberId));
            return;
        }

        // Whoever lost its answer asks again with the same words, and gets it again. A leader that joins wants to assign anew, for reasons
        // of its own: a topic that has grown, say.
        var changesNothing = member!.Matches(call.Protocols) && rebalancing.State switch
        {
            GroupState.CompletingRebalance => true,
            GroupState.Stable => member != roster.Leader,
            _ => false,
        };
        if (changesNothing)
            reply.Give(rebalancing.Joined(member));
        else
            Update(member, call, reply, now);
    }

    private void Add(JoinCall call, string memberId, bool isTold, IReply<JoinAnswer> reply, Moment now)
    {
        if (roster.Members.Count == 0)
            rebalancing.ProtocolType = call.ProtocolType;
        var member = new Member(memberId, call) { IsNew = true, IdIsTold = isTold };
        roster.Add(member);
        roster.Await(member, reply);
        rebalancing.EndAfter(member.Session, rules.NewMemberJoinMs, now);
        rebalancing.Newcomer();
        rebalancing.PrepareOrComplete(now);
    }

    private void Update(Member member, JoinCall call, IReply<JoinAnswer> reply, Moment now)
    {
        // The caller before has gone, or has given up: a client waits for one join at a time.
        member.AwaitedJoin?.Give(JoinAnswer.Failed(ErrorCode.RebalanceInProgress, member.Id));
        roster.Update(member, call);
        roster.Await(member, reply);
        rebalancing.PrepareOrComplete(now);
    }

    // A static member that has been started again takes its own place. The process before it is fenced at once, if it still runs.
    private void Replace(Member old, JoinCall call, string memberId, IReply<JoinAnswer> reply, Moment now)
    {
        var leader = roster.Leader!.Id;
        var member = new Member(memberId, call) { OwesSync = old.OwesSync };
        TakePlace(old, member, now);
        roster.Await(member, reply);
        if (rebalancing.State == GroupState.Stable && roster.ChooseProtocol() == rebalancing.Protocol)
            Keep(old, member, leader, reply);
        else
            rebalancing.PrepareOrComplete(now);
    }

    // No rebalance: the assignment stays as it is, and only the new id is written down.
    private void Keep(Member old, Member member, string leaderBefore, IReply<JoinAnswer> reply)
    {
        var generation = rebalancing.Generation;
        rebalancing.Write((error, at) =>
        {
            // A rebalance may have begun meanwhile, of which the join is a part now; or the caller has gone.
            if (rebalancing.State != GroupState.Stable || rebalancing.Generation != generation || member.AwaitedJoin != reply)
                return;
            if (error == ErrorCode.None)
            {
                rebalancing.Answer(member, Kept(member, leaderBefore), at);
                return;
            }

            roster.Await(member, null);
            TakePlace(member, new Member(old.Id, old.Call) { OwesSync = old.OwesSync }, at);
            reply.Give(JoinAnswer.Failed(error));
        });
    }

    // A client that cannot be told to skip the assignment is told that its process before still leads, so that it does not assign either.
    private JoinAnswer Kept(Member member, string leaderBefore)
    {
        var isLeader = member == roster.Leader;
        if (!member.Call.KnowsSkippedAssignment)
            return rebalancing.Joined(member) with { Leader = leaderBefore };
        return rebalancing.Joined(member) with { SkipAssignment = isLeader, Members = isLeader ? rebalancing.Everybody() : [] };
    }

    private void TakePlace(Member old, Member member, Moment now)
    {
        old.AwaitedJoin?.Give(JoinAnswer.Failed(ErrorCode.FencedInstanceId, old.Id));
        old.AwaitedSync?.Give(SyncAnswer.Failed(ErrorCode.FencedInstanceId));
        old.AwaitedSync = null;
        roster.Replace(old, member);
        rebalancing.Forget(old.Session);
        rebalancing.Extend(member, now);
    }

    private string NewId(string name) => $"{name}-{newGuid()}";
}
