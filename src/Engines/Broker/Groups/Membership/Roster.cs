using System.Diagnostics.CodeAnalysis;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Membership;

/// <summary>
/// Who is in a group: members in the order in which they came, their static names, ids that were given out and not used yet, who leads, and
/// which ways to assign how many of them know.
/// </summary>
/// <remarks>Invariants: a static name stands for one member that is there; the leader is a member, and there is one wherever there are
/// members. Not thread-safe.</remarks>
internal sealed class Roster
{
    private readonly List<Member> _members = [];
    private readonly Dictionary<string, Member> _byId = [];
    private readonly Dictionary<string, Member> _byInstance = [];
    private readonly Dictionary<string, Session> _pending = [];
    private readonly Dictionary<string, int> _support = [];
    private int _joined;

    /// <summary>Everybody, the longest-standing member first.</summary>
    public IReadOnlyList<Member> Members => _members;

    /// <summary>Bytes of what all members have joined with.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many ids were given out and not used yet.</summary>
    public int Pending => _pending.Count;

    /// <summary>Whether everybody has joined, those with an id that is not used yet too.</summary>
    public bool AllJoined => _joined == _members.Count && _pending.Count == 0;

    /// <summary>Who assigns; null where nobody is in the group.</summary>
    public Member? Leader { get; private set; }

    /// <summary>How long a rebalance may take: as long as the most patient member gives it.</summary>
    public int RebalanceTimeoutMs
    {
        get
        {
            var longest = 0;
            foreach (var member in _members)
                longest = Math.Max(longest, member.Call.RebalanceTimeoutMs);
            return longest;
        }
    }

    /// <summary>A member by its id.</summary>
    public bool TryGet(string id, [MaybeNullWhen(false)] out Member member) => _byId.TryGetValue(id, out member);

    /// <summary>A member by its static name.</summary>
    public bool TryGetStatic(string instanceId, [MaybeNullWhen(false)] out Member member) => _byInstance.TryGetValue(instanceId, out member);

    /// <summary>Whether an id was given out and not used yet.</summary>
    public bool IsPending(string id) => _pending.ContainsKey(id);

    /// <summary>Who calls, or why it may not: UnknownMemberId, or FencedInstanceId where another has taken its static name.</summary>
    public ErrorCode Find(MemberIdentity identity, out Member? member)
    {
        member = null;
        if (identity.InstanceId is { } name)
        {
            if (!_byInstance.TryGetValue(name, out var holder))
                return ErrorCode.UnknownMemberId;
            if (holder.Id != identity.MemberId)
                return ErrorCode.FencedInstanceId;
            member = holder;
            return ErrorCode.None;
        }

        return _byId.TryGetValue(identity.MemberId, out member) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>How many places of the next generation are taken, by those who have joined and by static members, who keep theirs while
    /// they are away.</summary>
    /// <param name="but">Somebody who does not count; null for none.</param>
    public int PlacesTaken(Member? but)
    {
        var taken = 0;
        foreach (var member in _members)
        {
            if (member != but && (member.AwaitedJoin is not null || member.InstanceId is not null))
                taken++;
        }

        return taken;
    }

    /// <summary>Gives an id out.</summary>
    public Session AddPending(string id) => _pending[id] = new Session(id);

    /// <summary>Takes an id back, or finds it used.</summary>
    public bool TryRemovePending(string id, [MaybeNullWhen(false)] out Session session) => _pending.Remove(id, out session);

    /// <summary>Adds a member; the first one leads.</summary>
    public void Add(Member member)
    {
        _members.Add(member);
        Index(member);
        Leader ??= member;
    }

    /// <summary>Takes a member out; where it led, the longest-standing one of the others does.</summary>
    public void Remove(Member member)
    {
        Await(member, null);
        _members.Remove(member);
        _byId.Remove(member.Id);
        if (member.InstanceId is { } name)
            _byInstance.Remove(name);
        Count(member, -1);
        if (Leader == member)
            Leader = _members.Count > 0 ? _members[0] : null;
    }

    /// <summary>Puts a member in the place of another that has the same static name: its turn, its assignment and its lead.</summary>
    public void Replace(Member old, Member by)
    {
        Await(old, null);
        _members[_members.IndexOf(old)] = by;
        _byId.Remove(old.Id);
        Count(old, -1);
        Index(by);
        by.Assignment = old.Assignment;
        if (Leader == old)
            Leader = by;
    }

    /// <summary>A member has joined again, with other words maybe.</summary>
    public void Update(Member member, JoinCall call)
    {
        Count(member, -1);
        member.Call = call;
        Count(member, 1);
    }

    /// <summary>A member awaits the answer to a join; null: it does not any more.</summary>
    public void Await(Member member, IReply<JoinAnswer>? reply)
    {
        _joined += (reply is null ? 0 : 1) - (member.AwaitedJoin is null ? 0 : 1);
        member.AwaitedJoin = reply;
    }

    /// <summary>Sees to it that the leader is somebody who has joined.</summary>
    /// <returns>False where nobody has.</returns>
    public bool ElectJoinedLeader()
    {
        if (Leader?.AwaitedJoin is null)
        {
            var joined = _members.Find(member => member.AwaitedJoin is not null);
            if (joined is null)
                return false;
            Leader = joined;
        }

        return true;
    }

    /// <summary>Makes a member the leader, as it was written down.</summary>
    public void Lead(string? id) => Leader = id is not null && _byId.TryGetValue(id, out var member) ? member : _members.FirstOrDefault();

    /// <summary>Whether all members know one of these ways to assign.</summary>
    public bool AllKnowAnyOf(IReadOnlyList<MemberProtocol> protocols)
    {
        foreach (var protocol in protocols)
        {
            if (_support.GetValueOrDefault(protocol.Name) == _members.Count)
                return true;
        }

        return false;
    }

    /// <summary>Chooses among the ways to assign that all members know: each votes for the one it prefers, and of equal ones the
    /// longest-standing members' stands.</summary>
    public string ChooseProtocol()
    {
        var votes = new Dictionary<string, int>();
        string? chosen = null;
        foreach (var member in _members)
        {
            var name = member.Call.Protocols.First(protocol => _support[protocol.Name] == _members.Count).Name;
            votes[name] = votes.GetValueOrDefault(name) + 1;
            chosen ??= name;
        }

        foreach (var (name, count) in votes)
        {
            if (count > votes[chosen!])
                chosen = name;
        }

        return chosen!;
    }

    private void Index(Member member)
    {
        _byId.Add(member.Id, member);
        if (member.InstanceId is { } name)
            _byInstance[name] = member;
        Count(member, 1);
    }

    // A name that a member says twice counts once.
    private void Count(Member member, int by)
    {
        Bytes += by * member.Call.Bytes;
        var protocols = member.Call.Protocols;
        for (var i = 0; i < protocols.Count; i++)
        {
            var name = protocols[i].Name;
            var isRepeated = false;
            for (var j = 0; j < i && !isRepeated; j++)
                isRepeated = protocols[j].Name == name;
            if (isRepeated)
                continue;
            var count = _support.GetValueOrDefault(name) + by;
            if (count == 0)
                _support.Remove(name);
            else
                _support[name] = count;
        }
    }
}
