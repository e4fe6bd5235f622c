using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>
/// How a group comes from one generation to the next: members are asked to join, those that do not are left behind, the leader's assignment
/// is written down, and everybody gets it.
/// </summary>
/// <remarks>
/// <para>Invariants: a generation has one leader and one protocol, which all its joins are answered with; an assignment is given to members
/// only when it is durable, and only in the generation that it was made for; while joins are awaited, there is a time when that
/// ends.</para>
/// <para>Whoever awaits an answer may be silent; sessions begin anew with the answer. Not thread-safe.</para>
/// </remarks>
internal sealed class Rebalancing(string group, GroupRules rules, IGroupJournal journal, Roster roster)
{
    private readonly DeadlineQueue<Session> _sessions = new();

    // When joins are awaited no longer; when an empty group's wait for more members is over at the latest.
    private long _joinUntil = Moment.Never;
    private long _initialUntil;
    private bool _isInitial;
    private bool _hasNewcomers;

    // When whoever did not ask for its assignment is taken to be gone.
    private long _syncUntil = Moment.Never;
    private bool _isAssigning;

    /// <summary>Where the group stands.</summary>
    public GroupState State { get; private set; }

    /// <summary>Since when, in Unix milliseconds; -1 where it is not known.</summary>
    public long StateSinceUnixMs { get; private set; } = -1;

    /// <summary>The generation; 0 before the first one.</summary>
    public int Generation { get; private set; }

    /// <summary>The group's kind; null where no member ever told.</summary>
    public string? ProtocolType { get; set; }

    /// <summary>The way to assign of this generation; null in an empty group.</summary>
    public string? Protocol { get; private set; }

    /// <summary>What the members of this generation read, where that can be told from what they joined with.</summary>
    public HashSet<string>? SubscribedTopics { get; private set; }

    /// <summary>When to look next.</summary>
    public long NextDeadline => Math.Min(_sessions.Next, Math.Min(_joinUntil, _syncUntil));

    /// <summary>The group is dead from now on.</summary>
    public void Kill() => State = GroupState.Dead;

    /// <summary>An empty group that could not be deleted is empty again, and has been for as long as before.</summary>
    public void Revive() => State = GroupState.Empty;

    /// <summary>Takes up what was written down; everybody's session begins anew.</summary>
    public void Restore(GroupSnapshot snapshot, Moment now)
    {
        ProtocolType = snapshot.ProtocolType.Length > 0 ? snapshot.ProtocolType : null;
        (Generation, Protocol) = (snapshot.Generation, snapshot.Protocol);
        (State, StateSinceUnixMs) = (snapshot.Members.Count > 0 ? GroupState.Stable : GroupState.Empty, snapshot.StateSinceUnixMs);
        foreach (var member in roster.Members)
            Extend(member, now);
        SubscribedTopics = ReadSubscriptions();
    }

    /// <summary>A member was heard: its session begins anew.</summary>
    public void Extend(Member member, Moment now) => _sessions.Set(member.Session, now.Ms + member.Call.SessionTimeoutMs);

    /// <summary>Ends a session after this time, unless it is extended.</summary>
    public void EndAfter(Session session, int ms, Moment now) => _sessions.Set(session, now.Ms + ms);

    /// <summary>Awaits a session's end no more.</summary>
    public void Forget(Session session) => _sessions.Set(session, Moment.Never);

    /// <summary>A member has come: an empty group's wait for more is drawn out.</summary>
    public void Newcomer() => _hasNewcomers |= _isInitial;

    /// <summary>Takes a member out; what it awaits is answered UnknownMemberId, and if it is still there it joins again.</summary>
    public void Remove(Member member)
    {
        member.AwaitedJoin?.Give(JoinAnswer.Failed(ErrorCode.UnknownMemberId));
        member.AwaitedSync?.Give(SyncAnswer.Failed(ErrorCode.UnknownMemberId));
        member.AwaitedSync = null;
        roster.Remove(member);
        Forget(member.Session);
    }

    /// <summary>Begins a rebalance, or sees whether the one that is under way is complete.</summary>
    public void PrepareOrComplete(Moment now)
    {
        if (State is GroupState.Empty or GroupState.CompletingRebalance or GroupState.Stable)
            Prepare(now);
        else
            CompleteIfAllJoined(now);
    }

    /// <summary>Begins a rebalance: whoever awaits an assignment is told to join again.</summary>
    public void Prepare(Moment now)
    {
        if (State == GroupState.CompletingRebalance)
            DropAssignments(ErrorCode.RebalanceInProgress, now);
        _syncUntil = Moment.Never;
        _isInitial = State == GroupState.Empty && rules.InitialDelayMs > 0;
        Enter(GroupState.PreparingRebalance, now);
        if (_isInitial)
        {
            _hasNewcomers = false;
            _joinUntil = now.Ms + rules.InitialDelayMs;
            _initialUntil = now.Ms + Math.Max(rules.InitialDelayMs, roster.RebalanceTimeoutMs);
        }
        else
        {
            _joinUntil = now.Ms + roster.RebalanceTimeoutMs;
            CompleteIfAllJoined(now);
        }
    }

    /// <summary>Goes on to the next generation if nobody is left to wait for.</summary>
    public void CompleteIfAllJoined(Moment now)
    {
        if (State == GroupState.PreparingRebalance && !_isInitial && roster.AllJoined)
            Complete(now);
    }

    /// <summary>Writes the leader's assignment down; it is given out when that is done. What a leader sends again meanwhile changes
    /// nothing.</summary>
    public void Assign(IReadOnlyList<MemberAssignment> assignments, Moment now)
    {
        if (_isAssigning)
            return;
        var byMember = new Dictionary<string, ReadOnlyMemory<byte>>(assignments.Count);
        foreach (var (memberId, assignment) in assignments)
            byMember[memberId] = assignment;
        var snapshot = Snapshot(member => byMember.GetValueOrDefault(member.Id));
        if (snapshot.Members.Sum(member => (long)member.Assignment.Length + member.Subscription.Length) > rules.MaxGroupBytes)
        {
            Fail(ErrorCode.Unknown, now);
            return;
        }

        _isAssigning = true;
        var generation = Generation;
        journal.Write(snapshot, (error, at) =>
        {
            // Another member may have come meanwhile: then this is an old generation's.
            if (State != GroupState.CompletingRebalance || Generation != generation)
                return;
            if (error == ErrorCode.None)
                GiveOut(byMember, at);
            else
                Fail(error, at);
        });
    }

    /// <summary>Writes the group down as it is.</summary>
    public void Write(Action<ErrorCode, Moment> written) => journal.Write(Snapshot(member => member.Assignment), written);

    /// <summary>Answers a member's join; its session begins.</summary>
    public void Answer(Member member, JoinAnswer answer, Moment now)
    {
        if (member.AwaitedJoin is not { } reply)
            return;
        roster.Await(member, null);
        Extend(member, now);
        reply.Give(answer);
    }

    /// <summary>What a member of this generation is told.</summary>
    public JoinAnswer Joined(Member member) => new()
    {
        Generation = Generation,
        ProtocolType = ProtocolType,
        Protocol = Protocol,
        Leader = roster.Leader!.Id,
        MemberId = member.Id,
        Members = member == roster.Leader && State == GroupState.CompletingRebalance ? Everybody() : [],
    };

    /// <summary>Everybody, for the leader.</summary>
    public List<JoinedMember> Everybody() =>
        [.. roster.Members.Select(member => new JoinedMember(member.Id, member.InstanceId, member.MetadataFor(Protocol!)))];

    /// <summary>Does what the time has come for.</summary>
    public void Expire(Moment now)
    {
        while (_sessions.TryTake(now.Ms, out var session))
            EndSession(session, now);
        if (_joinUntil <= now.Ms)
            EndJoins(now);
        if (_syncUntil <= now.Ms)
            EndSyncs(now);
    }

    private void Enter(GroupState state, Moment now) => (State, StateSinceUnixMs) = (state, now.UnixMs);

    private void EndSession(Session session, Moment now)
    {
        if (roster.TryRemovePending(session.MemberId, out _))
        {
            CompleteIfAllJoined(now);
        }
        else if (roster.TryGet(session.MemberId, out var member) && member.Session == session && !member.MayBeSilent)
        {
            Remove(member);
            PrepareOrComplete(now);
        }
    }

    private void EndJoins(Moment now)
    {
        if (_isInitial && _hasNewcomers && now.Ms < _initialUntil)
        {
            _hasNewcomers = false;
            _joinUntil = Math.Min(now.Ms + rules.InitialDelayMs, _initialUntil);
        }
        else
        {
            Complete(now);
        }
    }

    private void EndSyncs(Moment now)
    {
        _syncUntil = Moment.Never;
        var late = roster.Members.Where(member => member.OwesSync).ToList();
        if (late.Count == 0)
            return;
        late.ForEach(Remove);
        Prepare(now);
    }

    private void Complete(Moment now)
    {
        _joinUntil = Moment.Never;

        // A static member keeps its place until its session ends.
        foreach (var member in roster.Members.Where(member => member.AwaitedJoin is null && member.InstanceId is null).ToList())
            Remove(member);
        if (roster.Members.Count > 0 && !roster.ElectJoinedLeader())
        {
            _joinUntil = now.Ms + roster.RebalanceTimeoutMs;
            return;
        }

        (_isInitial, _isAssigning) = (false, false);
        Generation++;
        Protocol = roster.Members.Count > 0 ? roster.ChooseProtocol() : null;
        SubscribedTopics = ReadSubscriptions();
        if (Protocol is null)
        {
            // Should that fail, the generation before comes back after a restart, and its members' sessions end.
            Enter(GroupState.Empty, now);
            Write(static (_, _) => { });
            return;
        }

        Enter(GroupState.CompletingRebalance, now);
        _syncUntil = now.Ms + roster.RebalanceTimeoutMs;
        foreach (var member in roster.Members)
        {
            (member.IsNew, member.IdIsTold, member.OwesSync) = (false, true, true);
            Answer(member, Joined(member), now);
        }
    }

    private void GiveOut(Dictionary<string, ReadOnlyMemory<byte>> assignments, Moment now)
    {
        Enter(GroupState.Stable, now);
        foreach (var member in roster.Members)
        {
            member.Assignment = assignments.GetValueOrDefault(member.Id);
            Answer(member, new SyncAnswer { ProtocolType = ProtocolType, Protocol = Protocol, Assignment = member.Assignment }, now);
        }
    }

    private void Fail(ErrorCode error, Moment now)
    {
        DropAssignments(error, now);
        Prepare(now);
    }

    private void DropAssignments(ErrorCode error, Moment now)
    {
        foreach (var member in roster.Members)
        {
            member.Assignment = default;
            Answer(member, SyncAnswer.Failed(error), now);
        }
    }

    private void Answer(Member member, SyncAnswer answer, Moment now)
    {
        if (member.AwaitedSync is not { } reply)
            return;
        member.AwaitedSync = null;
        Extend(member, now);
        reply.Give(answer);
    }

    private HashSet<string>? ReadSubscriptions()
    {
        if (ProtocolType != Subscription.ProtocolType)
            return null;
        var topics = new HashSet<string>();
        foreach (var member in roster.Members)
        {
            if (!Subscription.TryReadTopics(member.MetadataFor(Protocol!), topics))
                return null;
        }

        return topics;
    }

    private GroupSnapshot Snapshot(Func<Member, ReadOnlyMemory<byte>> assignment) => new()
    {
        Group = group,
        ProtocolType = ProtocolType ?? "",
        Generation = Generation,
        Protocol = Protocol,
        Leader = roster.Leader?.Id,
        StateSinceUnixMs = StateSinceUnixMs,
        Members =
        [
            .. roster.Members.Select(member => new MemberSnapshot
            {
                Identity = new MemberIdentity(member.Id, member.InstanceId),
                ClientId = member.Call.ClientId,
                ClientHost = member.Call.ClientHost,
                SessionTimeoutMs = member.Call.SessionTimeoutMs,
                RebalanceTimeoutMs = member.Call.RebalanceTimeoutMs,
                Subscription = member.MetadataFor(Protocol!),
                Assignment = assignment(member),
            }),
        ],
    };
}
