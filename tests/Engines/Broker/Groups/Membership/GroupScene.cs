using System.Text;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

/// <summary>A group, a clock that the test moves, a journal that writes at once unless it is held, and consumers who do what the test says.</summary>
internal sealed class GroupScene : IGroupJournal
{
    private readonly Queue<Action<ErrorCode, Moment>> _writes = new();
    private readonly Random _random = new(1);
    private long _ms = 1_000_000;

    public GroupScene(GroupRules? rules = null)
    {
        Rules = rules ?? new GroupRules();
        Group = new Group("g", Rules, this, NewGuid);
    }

    public GroupRules Rules { get; }

    public Group Group { get; private set; }

    public Moment Now => new(_ms, _ms + 1_700_000_000_000);

    /// <summary>What was written, also what failed or is under way.</summary>
    public List<GroupSnapshot> Written { get; } = [];

    /// <summary>Whether writes wait for <see cref="FinishWrites"/>.</summary>
    public bool HoldsWrites { get; set; }

    public Consumer Consumer(string name, string? instanceId = null, string[]? protocols = null, int sessionMs = 10_000, int rebalanceMs = 60_000) =>
        new(this, name) { InstanceId = instanceId, Protocols = protocols ?? ["range"], SessionMs = sessionMs, RebalanceMs = rebalanceMs };

    /// <summary>Consumers who are all in one stable generation, the first of them leading.</summary>
    public Consumer[] Settled(params string[] names)
    {
        var consumers = names.Select(name => Consumer(name)).ToArray();
        Settle(consumers);
        return consumers;
    }

    /// <summary>Everybody joins, and gets its name for an assignment.</summary>
    public void Settle(params Consumer[] consumers)
    {
        foreach (var consumer in consumers)
            consumer.Join();
        if (Group.Generation == 0)
            Elapse(Rules.InitialDelayMs * (consumers.Length + 1));
        foreach (var consumer in consumers)
        {
            Assert.Equal(ErrorCode.None, consumer.Joined.Answer.Error);
            consumer.Sync(consumers);
        }

        Assert.Equal(GroupState.Stable, Group.State);
        foreach (var consumer in consumers)
        {
            Assert.Equal(consumer.Name, consumer.Assignment);
            Assert.Equal(ErrorCode.None, consumer.Heartbeat());
        }
    }

    /// <summary>Lets time pass; what falls due on the way happens in its own time.</summary>
    public void Elapse(int ms)
    {
        var until = _ms + ms;
        while (Group.NextDeadline <= until)
        {
            _ms = Math.Max(_ms, Group.NextDeadline);
            Do(group => group.Expire(Now));
        }

        _ms = until;
    }

    /// <summary>Lets time pass in which these send heartbeats.</summary>
    public void Elapse(int ms, params Consumer[] alive)
    {
        for (var passed = 0; passed < ms; passed += 1000)
        {
            Elapse(Math.Min(1000, ms - passed));
            foreach (var consumer in alive)
                consumer.Heartbeat();
        }
    }

    public void Do(Action<Group> act)
    {
        act(Group);
        if (!HoldsWrites)
            FinishWrites(ErrorCode.None);
    }

    /// <summary>Writes that are under way are durable, or have failed.</summary>
    public void FinishWrites(ErrorCode error)
    {
        while (_writes.TryDequeue(out var written))
            written(error, Now);
    }

    /// <summary>The group as it is after a restart: what was written last.</summary>
    public void Restart()
    {
        Group = new Group("g", Rules, this, NewGuid);
        Group.Restore(Written[^1], Now);
    }

    /// <inheritdoc/>
    void IGroupJournal.Write(GroupSnapshot snapshot, Action<ErrorCode, Moment> written)
    {
        Written.Add(snapshot);
        _writes.Enqueue(written);
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}

/// <summary>Answers as they came.</summary>
internal sealed class Reply<TAnswer> : IReply<TAnswer>
{
    public List<TAnswer> Answers { get; } = [];

    public bool IsPending => Answers.Count == 0;

    /// <summary>Whether a call was made, its answer has not come, and the caller is still there.</summary>
    public bool IsWaiting { get; set; }

    public TAnswer Answer => Assert.Single(Answers);

    /// <summary>Looks at an answer when it comes.</summary>
    public Action<TAnswer>? Look { get; init; }

    public void Give(TAnswer answer)
    {
        Answers.Add(answer);
        IsWaiting = false;
        Look?.Invoke(answer);
    }
}

/// <summary>A consumer that does what it is told, and remembers what it was answered.</summary>
internal sealed class Consumer(GroupScene scene, string name)
{
    public string Name => name;

    public string? InstanceId { get; init; }

    public string[] Protocols { get; set; } = ["range"];

    public string Topic { get; set; } = "orders";

    public int SessionMs { get; init; }

    public int RebalanceMs { get; init; }

    public bool NeedsMemberId { get; init; } = true;

    public bool KnowsSkippedAssignment { get; init; } = true;

    public string MemberId { get; set; } = "";

    /// <summary>Looks at answers to joins when they come.</summary>
    public Action<JoinAnswer>? LookAtJoin { get; set; }

    /// <summary>Looks at answers to syncs of a generation when they come.</summary>
    public Action<int, SyncAnswer>? LookAtSync { get; set; }

    public Reply<JoinAnswer> Joined { get; private set; } = new();

    public Reply<SyncAnswer> Synced { get; private set; } = new();

    public int Generation => Joined.Answer.Generation;

    /// <summary>Of which generation it asked for its assignment last.</summary>
    public int SyncedGeneration { get; private set; }

    public bool IsLeader => Joined.Answer.Leader == MemberId;

    public string Assignment => Encoding.UTF8.GetString(Synced.Answer.Assignment.Span);

    public MemberIdentity Identity => new(MemberId, InstanceId);

    /// <summary>Joins; with the id that it is given, where it is asked to.</summary>
    public Reply<JoinAnswer> Join()
    {
        JoinOnce();
        if (!Joined.IsPending && Joined.Answer.Error == ErrorCode.MemberIdRequired)
        {
            MemberId = Joined.Answer.MemberId;
            JoinOnce();
        }

        return Joined;
    }

    public Reply<JoinAnswer> JoinOnce()
    {
        var reply = Joined = new Reply<JoinAnswer> { Look = LookAtJoin, IsWaiting = true };
        var call = new JoinCall
        {
            Group = "g",
            Identity = Identity,
            ClientId = name,
            ClientHost = "/127.0.0.1",
            SessionTimeoutMs = SessionMs,
            RebalanceTimeoutMs = RebalanceMs,
            ProtocolType = "consumer",
            Protocols = [.. Protocols.Select(protocol => new MemberProtocol(protocol, Subscribed(Topic)))],
            NeedsMemberId = NeedsMemberId,
            KnowsSkippedAssignment = KnowsSkippedAssignment,
        };
        scene.Do(group => group.Join(call, reply, scene.Now));
        return reply;
    }

    /// <summary>Asks for its assignment; the leader brings one for each of these: its name.</summary>
    public Reply<SyncAnswer> Sync(params Consumer[] members)
    {
        if (MemberId.Length == 0 || !Joined.IsPending)
            MemberId = Joined.Answer.MemberId;
        return SyncAs(Generation, IsLeader ? [.. members.Select(m => new MemberAssignment(m.Joined.Answer.MemberId, Bytes(m.Name)))] : []);
    }

    public Reply<SyncAnswer> SyncAs(int generation, IReadOnlyList<MemberAssignment> assignments, string? protocol = null, string? protocolType = null)
    {
        var reply = Synced = new Reply<SyncAnswer> { Look = answer => LookAtSync?.Invoke(generation, answer), IsWaiting = true };
        SyncedGeneration = generation;
        var call = new SyncCall
        {
            Group = "g",
            Identity = Identity,
            Generation = generation,
            Assignments = assignments,
            Protocol = protocol,
            ProtocolType = protocolType,
        };
        scene.Do(group => group.Sync(call, reply, scene.Now));
        return reply;
    }

    public ErrorCode Heartbeat() => HeartbeatAs(Generation);

    public ErrorCode HeartbeatAs(int generation) => scene.Group.Heartbeat(Identity, generation, scene.Now);

    public ErrorCode Commit() => CommitAs(Generation);

    public ErrorCode CommitAs(int generation) => scene.Group.CheckCommit(Identity, generation, scene.Now);

    public ErrorCode Leave()
    {
        var errors = new ErrorCode[1];
        scene.Do(group => group.Leave([Identity], errors, scene.Now));
        return errors[0];
    }

    /// <summary>Its connection is gone while it awaits its join.</summary>
    public void Disconnect() => scene.Do(group =>
    {
        group.Forget(Joined, scene.Now);
        group.Forget(Synced, scene.Now);
        (Joined.IsWaiting, Synced.IsWaiting) = (false, false);
    });

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A subscription as Java's client writes it: version 0, one topic, no data of its own.</summary>
    public static byte[] Subscribed(string topic) =>
        [0, 0, 0, 0, 0, 1, 0, (byte)topic.Length, .. Bytes(topic), 0xff, 0xff, 0xff, 0xff];
}
