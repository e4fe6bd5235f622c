using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>
/// A group by Kafka's classic protocol: a state machine without a clock, a lock or a task of its own. Calls take the time and give their
/// answers to replies, at once or in a later call; what is written down goes to a journal, which calls back.
/// </summary>
/// <remarks>
/// <para>It behaves as Apache Kafka's coordinator of 3.9 does (KIP-62, 134, 345, 394, 429, 814), and deliberately otherwise in these: an
/// assignment that a leader sends twice counts once; an id that was given out and not used, and leaves, starts no rebalance; a caller that
/// is gone has not joined; a second call of one member answers the first one; ties of votes go to who came first; a static member that was
/// started again finds its place in a full group, and while it is away nobody else gets it, but only until its session ends, which no
/// rebalance draws out.</para>
/// <para>Not thread-safe: its owner calls it by turns, and the journal's callbacks are such calls too.</para>
/// </remarks>
internal sealed class Group
{
    private readonly Roster _roster = new();
    private readonly Rebalancing _rebalancing;
    private readonly Joins _joins;
    private readonly bool _takesOldCommits;

    /// <param name="id">Its name.</param>
    /// <param name="rules">What all groups go by.</param>
    /// <param name="journal">Where its state is written down.</param>
    /// <param name="newGuid">What members' ids are made unique by.</param>
    public Group(string id, GroupRules rules, IGroupJournal journal, Func<Guid> newGuid)
    {
        (Id, _takesOldCommits) = (id, rules.TakesOldCommits);
        _rebalancing = new Rebalancing(id, rules, journal, _roster);
        _joins = new Joins(rules, _roster, _rebalancing, newGuid);
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>Where it stands.</summary>
    public GroupState State => _rebalancing.State;

    /// <summary>Its generation; 0 before the first one.</summary>
    public int Generation => _rebalancing.Generation;

    /// <summary>Its kind; null where no member ever told.</summary>
    public string? ProtocolType => _rebalancing.ProtocolType;

    /// <summary>When to call <see cref="Expire"/> next; not later than the first deadline.</summary>
    public long NextDeadline => _rebalancing.NextDeadline;

    /// <summary>Whether nobody has ever been in it, and nobody is about to be.</summary>
    public bool IsUntouched => IsIdle && Generation == 0 && ProtocolType is null;

    /// <summary>Whether nobody is in it, and nobody is about to be.</summary>
    public bool IsIdle => State == GroupState.Empty && _roster.Pending == 0;

    /// <summary>Takes up what was written down, in a group that nobody has called yet.</summary>
    public void Restore(GroupSnapshot snapshot, Moment now)
    {
        foreach (var member in snapshot.Members)
        {
            var call = new JoinCall
            {
                Group = Id,
                Identity = member.Identity,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SessionTimeoutMs = member.SessionTimeoutMs,
                RebalanceTimeoutMs = member.RebalanceTimeoutMs,
                ProtocolType = snapshot.ProtocolType,
                Protocols = [new MemberProtocol(snapshot.Protocol ?? "", member.Subscription)],
            };
            _roster.Add(new Member(member.Identity.MemberId, call) { Assignment = member.Assignment });
        }

        _roster.Lead(snapshot.Leader);
        _rebalancing.Restore(snapshot, now);
    }

    /// <summary>A member asks to be in the next generation.</summary>
    public void Join(JoinCall call, IReply<JoinAnswer> reply, Moment now) => _joins.Join(call, reply, now);

    /// <summary>A member asks for its assignment; the leader brings everybody's.</summary>
    public void Sync(SyncCall call, IReply<SyncAnswer> reply, Moment now)
    {
        var error = CheckSync(call, out var member);
        if (error != ErrorCode.None)
        {
            reply.Give(SyncAnswer.Failed(error));
            return;
        }

        member!.OwesSync = false;
        if (State == GroupState.Stable)
        {
            reply.Give(new SyncAnswer { ProtocolType = ProtocolType, Protocol = _rebalancing.Protocol, Assignment = member.Assignment });
            return;
        }

        member.AwaitedSync?.Give(SyncAnswer.Failed(ErrorCode.RebalanceInProgress));
        member.AwaitedSync = reply;
        if (member == _roster.Leader)
            _rebalancing.Assign(call.Assignments, now);
    }

    /// <summary>A member says that it is there.</summary>
    /// <returns>None; RebalanceInProgress where it is to join again; or why it is none.</returns>
    public ErrorCode Heartbeat(MemberIdentity identity, int generation, Moment now)
    {
        var error = Check(identity, generation, out var member);
        if (error != ErrorCode.None)
            return error;
        _rebalancing.Extend(member!, now);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Members leave; by an operator's will maybe, who knows static names only.</summary>
    /// <param name="identities">Who.</param>
    /// <param name="errors">What was wrong with each.</param>
    /// <param name="now">The time.</param>
    public void Leave(IReadOnlyList<MemberIdentity> identities, Span<ErrorCode> errors, Moment now)
    {
        var haveLeft = false;
        for (var i = 0; i < identities.Count; i++)
        {
            errors[i] = TryLeave(identities[i], out var wasMember);
            haveLeft |= wasMember;
        }

        if (haveLeft)
            _rebalancing.PrepareOrComplete(now);
        else
            _rebalancing.CompleteIfAllJoined(now);
    }

    /// <summary>Whether offsets may be committed by this caller; its session begins anew. Without a member's id and with a generation below
    /// 0, nobody in the group is meant, and the group must be empty.</summary>
    public ErrorCode CheckCommit(MemberIdentity identity, int generation, Moment now)
    {
        if (State == GroupState.Empty && generation < 0)
            return ErrorCode.None;
        if (generation < 0 && identity is { MemberId: "", InstanceId: null })
            return State == GroupState.Dead ? ErrorCode.CoordinatorNotAvailable : ErrorCode.UnknownMemberId;
        var error = Check(identity, _takesOldCommits ? Generation : generation, out var member);
        if (error != ErrorCode.None)
            return error;
        if (State == GroupState.CompletingRebalance)
            return ErrorCode.RebalanceInProgress;
        _rebalancing.Extend(member!, now);
        return ErrorCode.None;
    }

    /// <summary>A caller that awaits its join is gone: it has not joined. One whose id nobody knows leaves.</summary>
    public void Forget(IReply<JoinAnswer> reply, Moment now)
    {
        if (_roster.Members.FirstOrDefault(member => member.AwaitedJoin == reply) is not { } member)
            return;
        _roster.Await(member, null);
        if (member.IdIsTold || member.InstanceId is not null)
        {
            _rebalancing.Extend(member, now);
            return;
        }

        _rebalancing.Remove(member);
        _rebalancing.PrepareOrComplete(now);
    }

    /// <summary>A caller that awaits its assignment is gone; it can ask again until its session ends.</summary>
    public void Forget(IReply<SyncAnswer> reply, Moment now)
    {
        if (_roster.Members.FirstOrDefault(member => member.AwaitedSync == reply) is not { } member)
            return;
        member.AwaitedSync = null;
        _rebalancing.Extend(member, now);
    }

    /// <summary>Its coordinator goes: whoever waits is told so, and nothing more happens here.</summary>
    public void Release(ErrorCode error)
    {
        _rebalancing.Kill();
        foreach (var member in _roster.Members)
        {
            member.AwaitedJoin?.Give(JoinAnswer.Failed(error, member.Id));
            member.AwaitedSync?.Give(SyncAnswer.Failed(error));
            member.AwaitedSync = null;
            _roster.Await(member, null);
        }
    }

    /// <summary>Does what the time has come for.</summary>
    public void Expire(Moment now) => _rebalancing.Expire(now);

    /// <summary>Begins to delete the group: from now on it is dead.</summary>
    /// <returns>NonEmptyGroup where somebody is in it, GroupIdNotFound where it is dead.</returns>
    public ErrorCode Kill()
    {
        switch (State)
        {
            case GroupState.Dead:
                return ErrorCode.GroupIdNotFound;
            case GroupState.Empty:
                _rebalancing.Kill();
                return ErrorCode.None;
            default:
                return ErrorCode.NonEmptyGroup;
        }
    }

    /// <summary>It could not be deleted: it is empty again.</summary>
    public void Revive() => _rebalancing.Revive();

    /// <summary>Whether members read a topic, as far as is known; consumers who say it in a way that is not known may read any.</summary>
    public bool IsSubscribedTo(string topic) => _rebalancing.SubscribedTopics?.Contains(topic) ?? ProtocolType == Subscription.ProtocolType;

    /// <summary>From when the retention of offsets counts that nobody reads.</summary>
    /// <param name="sinceUnixMs">When the group became empty; null where each counts from its own commit.</param>
    /// <returns>False where offsets stay as they are: they may be in use.</returns>
    public bool OffsetsExpire(out long? sinceUnixMs)
    {
        sinceUnixMs = null;
        if (State == GroupState.Dead)
            return false;
        if (ProtocolType is null)
            return true;
        if (State != GroupState.Empty)
            return State == GroupState.Stable && _rebalancing.SubscribedTopics is not null;
        sinceUnixMs = _rebalancing.StateSinceUnixMs >= 0 ? _rebalancing.StateSinceUnixMs : null;
        return true;
    }

    /// <summary>The group as operators see it.</summary>
    public GroupDescription Describe()
    {
        var isStable = State == GroupState.Stable;
        return new GroupDescription
        {
            Group = Id,
            State = State,
            ProtocolType = ProtocolType ?? "",
            Protocol = isStable ? _rebalancing.Protocol! : "",
            Members =
            [
                .. _roster.Members.Select(member => new MemberDescription
                {
                    Identity = new MemberIdentity(member.Id, member.InstanceId),
                    ClientId = member.Call.ClientId,
                    ClientHost = member.Call.ClientHost,
                    Metadata = isStable ? member.MetadataFor(_rebalancing.Protocol!) : default,
                    Assignment = isStable ? member.Assignment : default,
                }),
            ],
        };
    }

    private ErrorCode Check(MemberIdentity identity, int generation, out Member? member)
    {
        member = null;
        if (State == GroupState.Dead)
            return ErrorCode.CoordinatorNotAvailable;
        var error = _roster.Find(identity, out member);
        return error == ErrorCode.None && generation != Generation ? ErrorCode.IllegalGeneration : error;
    }

    private ErrorCode CheckSync(SyncCall call, out Member? member)
    {
        var error = Check(call.Identity, call.Generation, out member);
        if (error != ErrorCode.None)
            return error;
        if (Differ(call.ProtocolType, ProtocolType) || Differ(call.Protocol, _rebalancing.Protocol))
            return ErrorCode.InconsistentGroupProtocol;
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;

        static bool Differ(string? said, string? known) => said is not null && known is not null && said != known;
    }

    private ErrorCode TryLeave(MemberIdentity identity, out bool wasMember)
    {
        wasMember = false;
        if (State == GroupState.Dead)
            return ErrorCode.CoordinatorNotAvailable;
        if (_roster.TryRemovePending(identity.MemberId, out var session))
        {
            _rebalancing.Forget(session);
            return ErrorCode.None;
        }

        Member? member;
        if (identity.MemberId.Length == 0)
        {
            if (identity.InstanceId is not { } name || !_roster.TryGetStatic(name, out member))
                return ErrorCode.UnknownMemberId;
        }
        else if (_roster.Find(identity, out member) is not ErrorCode.None and var error)
        {
            return error;
        }

        _rebalancing.Remove(member!);
        wasMember = true;
        return ErrorCode.None;
    }
}
