using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>
/// The groups of this node: who is in which, what was assigned to whom, and how far each has read.
/// </summary>
/// <remarks>
/// <para>What is answered is durable: an offset when its commit is, an assignment when it is given out. Before <see cref="StartAsync"/> has
/// read the log, callers are told to ask again; after <see cref="DisposeAsync"/>, to look elsewhere.</para>
/// <para>Thread-safe. Each group is a lock of its own (<see cref="GroupCell"/>), and none waits for another.</para>
/// </remarks>
internal sealed class GroupCoordinator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, GroupCell> _cells = new();
    private readonly Lock _creation = new();
    private readonly GroupHouse _house;
    private readonly Func<TopicPartition, bool> _exists;
    private readonly TimeProvider _time;
    private ITimer? _sweeper;
    private volatile ErrorCode _status = ErrorCode.CoordinatorLoadInProgress;

    /// <param name="limits">How much groups may take.</param>
    /// <param name="store">Their log.</param>
    /// <param name="exists">Whether there is such a partition: offsets are committed for those only.</param>
    /// <param name="time">The time.</param>
    /// <param name="newGuid">What members' ids are made unique by; none is given twice. Thread-safe.</param>
    public GroupCoordinator(GroupLimits limits, IGroupStore store, Func<TopicPartition, bool> exists, TimeProvider time, Func<Guid> newGuid)
    {
        (_exists, _time) = (exists, time);
        var clock = new GroupClock(time);
        _house = new GroupHouse
        {
            Limits = limits,
            Store = store,
            Clock = clock,
            Deadlines = new GroupDeadlines(time, clock),
            NewGuid = newGuid,
            Remove = cell => _cells.TryRemove(KeyValuePair.Create(cell.Id, cell)),
        };
    }

    private GroupLimits Limits => _house.Limits;

    /// <summary>Reads the log, and begins to answer. Everybody's session begins anew.</summary>
    /// <exception cref="ProtocolException">A record is not formed as it should be: nothing is answered rather than something
    /// wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var replay = new GroupReplay();
        for (var partition = 0; partition < _house.Store.Partitions; partition++)
        {
            await foreach (var record in _house.Store.ReadAsync(partition, cancellationToken))
                GroupRecords.Read(record, replay);
        }

        foreach (var (group, state, offsets) in replay.Groups)
        {
            var cell = _cells.GetOrAdd(group, static (id, house) => new GroupCell(id, house), _house);
            cell.Restore(state, offsets);
        }

        _status = ErrorCode.None;
        _sweeper = _time.CreateTimer(
            static self => _ = ((GroupCoordinator)self!).ExpireOffsetsAsync(), this, Limits.SweepEvery, Limits.SweepEvery);
    }

    /// <inheritdoc cref="Group.Join"/>
    public async Task<JoinAnswer> JoinAsync(JoinCall call, CancellationToken cancellationToken)
    {
        var memberId = call.Identity.MemberId;
        if (_status is not ErrorCode.None and var status)
            return JoinAnswer.Failed(status, memberId);
        if (CallChecks.Check(call, Limits) is not ErrorCode.None and var wrong)
            return JoinAnswer.Failed(wrong, memberId);
        if (!TryGet(call.Group, isNew: memberId.Length == 0, out var cell))
            return JoinAnswer.Failed(memberId.Length == 0 ? ErrorCode.PolicyViolation : ErrorCode.UnknownMemberId, memberId);
        var reply = new PendingCall<JoinAnswer>();
        cell.Join(CallChecks.Own(call), reply);
        try
        {
            return await reply.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            cell.Forget(reply);
            throw;
        }
    }

    /// <inheritdoc cref="Group.Sync"/>
    public async Task<SyncAnswer> SyncAsync(SyncCall call, CancellationToken cancellationToken)
    {
        if (_status is not ErrorCode.None and var status)
            return SyncAnswer.Failed(status);
        if (!CallChecks.IsName(call.Group, Limits))
            return SyncAnswer.Failed(ErrorCode.InvalidGroupId);
        if (!TryGet(call.Group, isNew: false, out var cell))
            return SyncAnswer.Failed(ErrorCode.UnknownMemberId);
        var reply = new PendingCall<SyncAnswer>();
        cell.Sync(CallChecks.Own(call), reply);
        try
        {
            return await reply.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            cell.Forget(reply);
            throw;
        }
    }

    /// <inheritdoc cref="Group.Heartbeat"/>
    public ErrorCode Heartbeat(string group, MemberIdentity identity, int generation)
    {
        // While the log is read, nobody is known yet, and nobody's session runs: all is well.
        if (_status is not ErrorCode.None and var status)
            return status == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : status;
        if (!CallChecks.IsName(group, Limits))
            return ErrorCode.InvalidGroupId;
        return TryGet(group, isNew: false, out var cell) ? cell.Heartbeat(identity, generation) : ErrorCode.UnknownMemberId;
    }

    /// <inheritdoc cref="Group.Leave"/>
    /// <returns>What was wrong with the call; where nothing was, <paramref name="errors"/> say what was wrong with each.</returns>
    public ErrorCode Leave(string group, IReadOnlyList<MemberIdentity> identities, Span<ErrorCode> errors)
    {
        if (_status is not ErrorCode.None and var status)
            return status;
        if (!CallChecks.IsName(group, Limits))
            return ErrorCode.InvalidGroupId;
        if (TryGet(group, isNew: false, out var cell))
            cell.Leave(identities, errors);
        else
            errors.Fill(ErrorCode.UnknownMemberId);
        return ErrorCode.None;
    }

    /// <summary>Commits offsets. A commit by nobody in particular, with a generation below 0, makes a group where there is none.</summary>
    /// <returns>What was wrong with each; the others are durable.</returns>
    public Task<ErrorCode[]> CommitAsync(CommitCall call)
    {
        var errors = new ErrorCode[call.Offsets.Count];
        if (_status is not ErrorCode.None and var status)
            return All(status);
        if (!CallChecks.IsName(call.Group, Limits))
            return All(ErrorCode.InvalidGroupId);
        for (var i = 0; i < errors.Length; i++)
            errors[i] = Check(call.Offsets[i]);
        var isSimple = call.Generation < 0;
        if (TryGet(call.Group, isNew: isSimple, out var cell))
            return cell.CommitAsync(call, errors);
        if (isSimple)
            return All(ErrorCode.PolicyViolation);
        return All(call.KnowsMissingGroup ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration);

        Task<ErrorCode[]> All(ErrorCode error)
        {
            Array.Fill(errors, error);
            return Task.FromResult(errors);
        }
    }

    /// <summary>Reads offsets that are durable; none of a group that is not there.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="partitions">Of which partitions; null: of all that have one.</param>
    /// <param name="offsets">One for each partition, in the same order.</param>
    public ErrorCode Fetch(string group, IReadOnlyList<TopicPartition>? partitions, out IReadOnlyList<FetchedOffset> offsets)
    {
        offsets = [];
        if (_status is not ErrorCode.None and var status)
            return status;
        if (!CallChecks.IsName(group, Limits))
            return ErrorCode.InvalidGroupId;
        if (TryGet(group, isNew: false, out var cell))
            offsets = cell.Fetch(partitions);
        else if (partitions is not null)
            offsets = [.. partitions.Select(partition => new FetchedOffset(partition, null))];
        return ErrorCode.None;
    }

    /// <inheritdoc cref="GroupCell.DeleteOffsetsAsync"/>
    public Task<(ErrorCode Error, ErrorCode[] Each)> DeleteOffsetsAsync(string group, IReadOnlyList<TopicPartition> partitions)
    {
        if (_status is not ErrorCode.None and var status)
            return Task.FromResult((status, Array.Empty<ErrorCode>()));
        if (!CallChecks.IsName(group, Limits))
            return Task.FromResult((ErrorCode.InvalidGroupId, Array.Empty<ErrorCode>()));
        return TryGet(group, isNew: false, out var cell)
            ? cell.DeleteOffsetsAsync(partitions)
            : Task.FromResult((ErrorCode.GroupIdNotFound, Array.Empty<ErrorCode>()));
    }

    /// <summary>Deletes a group with its offsets, if nobody is in it.</summary>
    public Task<ErrorCode> DeleteAsync(string group)
    {
        if (_status is not ErrorCode.None and var status)
            return Task.FromResult(status);
        return TryGet(group, isNew: false, out var cell) ? cell.DeleteAsync() : Task.FromResult(ErrorCode.GroupIdNotFound);
    }

    /// <summary>Deletes what all groups have of a topic that is deleted. The topic must be unknown by then, so that nothing more is
    /// committed for it.</summary>
    public Task ForgetTopicAsync(string topic) => Task.WhenAll(_cells.Values.Select(cell => cell.ForgetTopicAsync(topic)));

    /// <summary>Deletes offsets that nobody has read for long, and groups of which nothing is left. It is done now and then by itself; what
    /// fails is tried again then.</summary>
    public Task ExpireOffsetsAsync() => Task.WhenAll(_cells.Values.Select(cell => cell.ExpireOffsetsAsync()));

    /// <summary>Writes all that holds of the groups of one partition of the log once more, so that what was there before may go.</summary>
    /// <returns>None when all of it is durable.</returns>
    public async Task<ErrorCode> RewriteAsync(int partition)
    {
        if (_status is not ErrorCode.None and var status)
            return status;
        var results = await Task.WhenAll(_cells.Values.Where(cell => cell.Partition == partition).Select(cell => cell.RewriteAsync()));
        return results.FirstOrDefault(result => result != ErrorCode.None);
    }

    /// <summary>A group as operators see it; dead where there is none of that name, as Kafka says it.</summary>
    public ErrorCode Describe(string group, out GroupDescription description)
    {
        description = new GroupDescription { Group = group, State = GroupState.Dead };
        if (_status is not ErrorCode.None and var status)
            return status;
        if (TryGet(group, isNew: false, out var cell))
            description = cell.Describe();
        return ErrorCode.None;
    }

    /// <summary>All groups, or those in one of these states.</summary>
    public ErrorCode List(IReadOnlyCollection<GroupState> states, out IReadOnlyList<GroupListing> groups)
    {
        groups = [];
        if (_status is not ErrorCode.None and var status)
            return status;
        groups = [.. _cells.Values.Select(cell => cell.List()).Where(group => states.Count == 0 || states.Contains(group.State))];
        return ErrorCode.None;
    }

    /// <summary>How far every group has read every partition, for metrics of lag: each group as it is when its turn comes.</summary>
    public IEnumerable<GroupOffset> Offsets() => _cells.Values.SelectMany(cell =>
        cell.Fetch(partitions: null).Select(fetched => new GroupOffset(cell.Id, fetched.Partition, fetched.Offset!.Value)));

    /// <summary>Stops: whoever waits is sent elsewhere. What was begun in the log goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        // From here on no group comes into being.
        lock (_creation)
            _status = ErrorCode.NotCoordinator;
        if (_sweeper is not null)
            await _sweeper.DisposeAsync();
        _house.Deadlines.Dispose();
        foreach (var cell in _cells.Values)
            cell.Release();
    }

    private ErrorCode Check(in OffsetToCommit offset)
    {
        if (offset.Metadata?.Length > Limits.MaxMetadataLength)
            return ErrorCode.OffsetMetadataTooLarge;
        return _exists(offset.Partition) ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition;
    }

    private bool TryGet(string group, bool isNew, [MaybeNullWhen(false)] out GroupCell cell)
    {
        if (_cells.TryGetValue(group, out cell))
            return true;
        if (!isNew)
            return false;
        lock (_creation)
        {
            if (_cells.TryGetValue(group, out cell))
                return true;
            if (_cells.Count >= Limits.MaxGroups || _status != ErrorCode.None)
                return false;
            return _cells.TryAdd(group, cell = new GroupCell(group, _house));
        }
    }
}
