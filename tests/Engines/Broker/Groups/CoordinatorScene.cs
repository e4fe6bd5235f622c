using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Groups.Membership;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Groups;

/// <summary>A coordinator on a log in memory and a clock that the test moves. Topics are "orders" and "payments", with ten partitions.</summary>
internal sealed class CoordinatorScene : IAsyncDisposable
{
    private const int TopicPartitions = 10;

    private readonly Random _random = new(1);
    private readonly GroupLimits _limits;

    private CoordinatorScene(GroupLimits limits, MemoryGroupStore store, FakeTimeProvider time)
    {
        (_limits, Store, Time) = (limits, store, time);
        Coordinator = Create();
    }

    public MemoryGroupStore Store { get; }

    public FakeTimeProvider Time { get; }

    public GroupCoordinator Coordinator { get; private set; }

    public HashSet<string> Topics { get; } = ["orders", "payments"];

    public static async Task<CoordinatorScene> StartAsync(GroupLimits? limits = null, MemoryGroupStore? store = null)
    {
        var scene = new CoordinatorScene(
            limits ?? new GroupLimits { Rules = new GroupRules { InitialDelayMs = 0 } }, store ?? new MemoryGroupStore(), new FakeTimeProvider());
        await scene.Coordinator.StartAsync(TestContext.Current.CancellationToken);
        return scene;
    }

    /// <summary>A coordinator that has not read its log yet.</summary>
    public static CoordinatorScene NotStarted() => new(new GroupLimits(), new MemoryGroupStore(), new FakeTimeProvider());

    /// <summary>The coordinator is gone, and another one reads its log.</summary>
    public async Task RestartAsync()
    {
        await Coordinator.DisposeAsync();
        Coordinator = Create();
        await Coordinator.StartAsync(TestContext.Current.CancellationToken);
    }

    public static JoinCall JoinCall(string group = "g", string memberId = "", string? instanceId = null, string topic = "orders", bool needsMemberId = false) => new()
    {
        Group = group,
        Identity = new MemberIdentity(memberId, instanceId),
        ClientId = "client",
        ClientHost = "/127.0.0.1",
        SessionTimeoutMs = 10_000,
        RebalanceTimeoutMs = 60_000,
        ProtocolType = "consumer",
        Protocols = [new MemberProtocol("range", Consumer.Subscribed(topic))],
        NeedsMemberId = needsMemberId,
    };

    /// <summary>A member that is alone in a stable group, assigned its own id.</summary>
    public async Task<JoinAnswer> SettleAsync(string group = "g", string? instanceId = null, string topic = "orders")
    {
        var joined = await JoinAsync(JoinCall(group, instanceId: instanceId, topic: topic));
        Assert.Equal(ErrorCode.None, joined.Error);
        var synced = await SyncAsync(joined, group);
        Assert.Equal(ErrorCode.None, synced.Error);
        return joined;
    }

    public Task<JoinAnswer> JoinAsync(JoinCall call) => Coordinator.JoinAsync(call, TestContext.Current.CancellationToken);

    /// <summary>Asks for an assignment; the leader gives everybody its own id.</summary>
    public Task<SyncAnswer> SyncAsync(JoinAnswer joined, string group = "g") => SyncOverAsync(joined, TestContext.Current.CancellationToken, group);

    /// <summary>As <see cref="SyncAsync"/>, over a connection that may go away.</summary>
    public Task<SyncAnswer> SyncOverAsync(JoinAnswer joined, CancellationToken connection, string group = "g") => Coordinator.SyncAsync(
        new SyncCall
        {
            Group = group,
            Identity = new MemberIdentity(joined.MemberId),
            Generation = joined.Generation,
            Assignments = [.. joined.Members.Select(member => new MemberAssignment(member.MemberId, Consumer.Bytes(member.MemberId)))],
        },
        connection);

    /// <summary>Commits one offset; by nobody in particular, unless somebody is named.</summary>
    public async Task<ErrorCode> CommitAsync(
        long offset, string topic = "orders", int partition = 0, string group = "g", JoinAnswer? by = null, string? metadata = null, long retentionMs = -1)
    {
        var errors = await Coordinator.CommitAsync(new CommitCall
        {
            Group = group,
            Identity = new MemberIdentity(by?.MemberId ?? ""),
            Generation = by?.Generation ?? -1,
            RetentionMs = retentionMs,
            Offsets = [new OffsetToCommit(new TopicPartition(topic, partition), offset, LeaderEpoch: 5, metadata)],
        });
        return Assert.Single(errors);
    }

    /// <summary>The offset that readers see; null where there is none.</summary>
    public long? Committed(string topic = "orders", int partition = 0, string group = "g")
    {
        Assert.Equal(ErrorCode.None, Coordinator.Fetch(group, [new TopicPartition(topic, partition)], out var offsets));
        return Assert.Single(offsets).Offset?.Offset;
    }

    public GroupDescription Describe(string group = "g")
    {
        Assert.Equal(ErrorCode.None, Coordinator.Describe(group, out var description));
        return description;
    }

    public IReadOnlyList<GroupListing> List(params GroupState[] states)
    {
        Assert.Equal(ErrorCode.None, Coordinator.List(states, out var groups));
        return groups;
    }

    public ValueTask DisposeAsync() => Coordinator.DisposeAsync();

    private GroupCoordinator Create() => new(
        _limits,
        Store,
        partition => Topics.Contains(partition.Topic) && partition.Partition is >= 0 and < TopicPartitions,
        Time,
        () =>
        {
            Span<byte> bytes = stackalloc byte[16];
            lock (_random)
                _random.NextBytes(bytes);
            return new Guid(bytes);
        });
}
