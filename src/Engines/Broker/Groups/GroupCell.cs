using System.Diagnostics.CodeAnalysis;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>
/// A group with its offsets and its place in the log, one call at a time.
/// </summary>
/// <remarks>
/// <para>A lock and not a mailbox: no turn waits for anything, and a heartbeat, which is most of what comes, is answered without a task or
/// a change of threads. Appends are begun within a turn, so that the log has them in the order of turns; when one is done, a turn of its
/// own does what follows.</para>
/// <para>Thread-safe. Inside of the lock only the deadlines' lock is taken.</para>
/// </remarks>
internal sealed class GroupCell : Deadline, IGroupJournal
{
    private readonly Lock _gate = new();
    private readonly Group _group;
    private readonly GroupOffsets _offsets = new();
    private readonly AppendQueue _appends = new();
    private readonly GroupHouse _house;
    private readonly int _partition;

    // What was last written down of the group; how many writes of it, and how many deletes, are under way.
    private GroupSnapshot? _written;
    private int _writing;
    private int _deleting;

    public GroupCell(string id, GroupHouse house)
    {
        _house = house;
        _group = new Group(id, house.Limits.Rules, this, house.NewGuid);
        _partition = GroupPartitions.Of(id, house.Store.Partitions);
    }

    /// <summary>The group's name.</summary>
    public string Id => _group.Id;

    /// <summary>Its partition of the log.</summary>
    public int Partition => _partition;

    /// <inheritdoc cref="Group.Join"/>
    public void Join(JoinCall call, IReply<JoinAnswer> reply)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Join(call, reply, now);
            EndTurn(now);
        }
    }

    /// <inheritdoc cref="Group.Sync"/>
    public void Sync(SyncCall call, IReply<SyncAnswer> reply)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Sync(call, reply, now);
            EndTurn(now);
        }
    }

    /// <inheritdoc cref="Group.Forget(IReply{JoinAnswer}, Moment)"/>
    public void Forget(IReply<JoinAnswer> reply)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Forget(reply, now);
            EndTurn(now);
        }
    }

    /// <inheritdoc cref="Group.Forget(IReply{SyncAnswer}, Moment)"/>
    public void Forget(IReply<SyncAnswer> reply)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Forget(reply, now);
            EndTurn(now);
        }
    }

    /// <inheritdoc cref="Group.Heartbeat"/>
    public ErrorCode Heartbeat(MemberIdentity identity, int generation)
    {
        // It only puts a deadline off: the turn has no end to tidy.
        lock (_gate)
            return _group.Heartbeat(identity, generation, _house.Clock.Now);
    }

    /// <inheritdoc cref="Group.Leave"/>
    public void Leave(IReadOnlyList<MemberIdentity> identities, Span<ErrorCode> errors)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Leave(identities, errors, now);
            EndTurn(now);
        }
    }

    /// <summary>Commits offsets; those that may be are durable when the task completes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="errors">What is wrong with each, as far as it is known before; a task's result says what became of all.</param>
    public Task<ErrorCode[]> CommitAsync(CommitCall call, ErrorCode[] errors)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            var error = _group.CheckCommit(call.Identity, call.Generation, now);
            if (error != ErrorCode.None)
                Array.Fill(errors, error);
            var count = errors.AsSpan().Count(ErrorCode.None);
            if (count == 0)
            {
                EndTurn(now);
                return Task.FromResult(errors);
            }

            var records = new GroupRecord[count];
            var commit = new Commit(call, errors, now.UnixMs, _offsets);
            commit.Begin(records);
            Append(records, commit.End);
            EndTurn(now);
            return commit.Task;
        }
    }

    /// <summary>Reads offsets that are durable.</summary>
    /// <param name="partitions">Of which partitions; null: of all that have one.</param>
    public List<FetchedOffset> Fetch(IReadOnlyList<TopicPartition>? partitions)
    {
        lock (_gate)
        {
            if (partitions is null)
                return [.. _offsets.Committed.Select(committed => new FetchedOffset(committed.Partition, committed.Offset))];
            var fetched = new List<FetchedOffset>(partitions.Count);
            foreach (var partition in partitions)
                fetched.Add(new FetchedOffset(partition, _offsets.TryGet(partition, out var offset) ? offset : null));
            return fetched;
        }
    }

    /// <summary>Deletes offsets; those of topics that members read stay.</summary>
    /// <returns>What was wrong with all, or else with each.</returns>
    public Task<(ErrorCode Error, ErrorCode[] Each)> DeleteOffsetsAsync(IReadOnlyList<TopicPartition> partitions)
    {
        lock (_gate)
        {
            if (_group.State == GroupState.Dead)
                return Task.FromResult((ErrorCode.GroupIdNotFound, Array.Empty<ErrorCode>()));
            if (_group.State != GroupState.Empty && _group.ProtocolType != Subscription.ProtocolType)
                return Task.FromResult((ErrorCode.NonEmptyGroup, Array.Empty<ErrorCode>()));
            var errors = new ErrorCode[partitions.Count];
            var deleted = new List<TopicPartition>();
            for (var i = 0; i < errors.Length; i++)
            {
                if (_group.IsSubscribedTo(partitions[i].Topic))
                    errors[i] = ErrorCode.GroupSubscribedToTopic;
                else if (_offsets.Has(partitions[i]))
                    deleted.Add(partitions[i]);
            }

            return AnswerAsync(RemoveAsync(deleted), errors);
        }

        static async Task<(ErrorCode Error, ErrorCode[] Each)> AnswerAsync(Task<ErrorCode> removing, ErrorCode[] errors) =>
            (await removing, errors);
    }

    /// <summary>Deletes what a group has of a topic that is deleted.</summary>
    public Task<ErrorCode> ForgetTopicAsync(string topic)
    {
        lock (_gate)
            return RemoveAsync([.. _offsets.PartitionsOf(topic).Select(partition => new TopicPartition(topic, partition))]);
    }

    /// <summary>Deletes offsets whose retention is over; and the group, where nothing is left of it.</summary>
    public Task<ErrorCode> ExpireOffsetsAsync()
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            if (!_group.OffsetsExpire(out var since))
                return Task.FromResult(ErrorCode.None);
            var expired = _offsets.Committed
                .Where(committed => committed.Offset.IsExpired(since, _house.Limits.RetentionMs, now.UnixMs))
                .Select(committed => committed.Partition)
                .Where(partition => !_offsets.IsUnderWay(partition) && !_group.IsSubscribedTo(partition.Topic))
                .ToList();
            return expired.Count == _offsets.Count && _group.IsIdle ? DeleteInTurn() : RemoveAsync(expired);
        }
    }

    /// <summary>Deletes the group, if nobody is in it.</summary>
    public Task<ErrorCode> DeleteAsync()
    {
        lock (_gate)
            return DeleteInTurn();
    }

    /// <inheritdoc cref="Group.Describe"/>
    public GroupDescription Describe()
    {
        lock (_gate)
            return _group.Describe();
    }

    /// <summary>The group in a line.</summary>
    public GroupListing List()
    {
        lock (_gate)
            return new GroupListing(Id, _group.ProtocolType ?? "", _group.State);
    }

    /// <summary>Does what the time has come for.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _group.Expire(now);
            EndTurn(now);
        }
    }

    /// <summary>Takes up what was written down.</summary>
    public void Restore(GroupSnapshot? snapshot, IReadOnlyDictionary<TopicPartition, CommittedOffset> offsets)
    {
        lock (_gate)
        {
            var now = _house.Clock.Now;
            _written = snapshot;
            if (snapshot is not null)
                _group.Restore(snapshot, now);
            foreach (var (partition, offset) in offsets)
                _offsets.Restore(partition, offset);
            EndTurn(now);
        }
    }

    /// <summary>The coordinator goes: whoever waits is sent elsewhere.</summary>
    public void Release()
    {
        lock (_gate)
            _group.Release(ErrorCode.NotCoordinator);
    }

    /// <summary>
    /// Writes all that holds of the group into the log once more. When it is durable, what was in the log before this was called is
    /// not needed any more.
    /// </summary>
    public Task<ErrorCode> RewriteAsync()
    {
        lock (_gate)
        {
            var call = new PendingCall<ErrorCode>();
            RewriteBehind(call);
            EndTurn(_house.Clock.Now);
            return call.Task;
        }
    }

    /// <inheritdoc/>
    void IGroupJournal.Write(GroupSnapshot snapshot, Action<ErrorCode, Moment> written)
    {
        _writing++;
        Append(new[] { GroupRecords.State(snapshot) }, (error, now) =>
        {
            _writing--;
            if (error == ErrorCode.None)
                _written = snapshot;
            written(error, now);
        });
    }

    // In its turn behind all that is under way, so that nothing older than that is written behind it.
    private void RewriteBehind(PendingCall<ErrorCode> call) => _appends.Begin((_, _) =>
    {
        // What is being deleted must not come back: once more, behind that.
        if (_deleting > 0)
        {
            RewriteBehind(call);
            return;
        }

        // What was begun since is newer, and in the log already.
        List<GroupRecord> records = [.. _offsets.Committed
            .Where(committed => !_offsets.IsUnderWay(committed.Partition))
            .Select(committed => GroupRecords.Offset(Id, committed.Partition, committed.Offset))];
        if (_written is not null && _writing == 0)
            records.Add(GroupRecords.State(_written));
        if (records.Count == 0)
            call.Give(ErrorCode.None);
        else
            Append(records.ToArray(), (error, _) => call.Give(error));
    }).Outcome = ErrorCode.None;

    private Task<ErrorCode> DeleteInTurn()
    {
        var error = _group.Kill();
        if (error != ErrorCode.None)
            return Task.FromResult(error);
        var partitions = _offsets.Partitions.ToList();
        GroupRecord[] records = [.. partitions.Select(partition => GroupRecords.NoOffset(Id, partition)), GroupRecords.NoState(Id)];
        return DeleteAsync(records, (outcome, _) =>
        {
            if (outcome == ErrorCode.None)
            {
                partitions.ForEach(_offsets.Remove);
                _house.Remove(this);
            }
            else
            {
                _group.Revive();
            }
        });
    }

    private Task<ErrorCode> RemoveAsync(List<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return Task.FromResult(ErrorCode.None);
        return DeleteAsync(partitions.Select(partition => GroupRecords.NoOffset(Id, partition)).ToArray(), (outcome, _) =>
        {
            if (outcome == ErrorCode.None)
                partitions.ForEach(_offsets.Remove);
        });
    }

    private Task<ErrorCode> DeleteAsync(GroupRecord[] records, Action<ErrorCode, Moment> done)
    {
        var call = new PendingCall<ErrorCode>();
        _deleting++;
        Append(records, (error, now) =>
        {
            _deleting--;
            done(error, now);
            call.Give(error);
        });
        EndTurn(_house.Clock.Now);
        return call.Task;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever a store throws is an append that failed, and the group goes on.")]
    private void Append(ReadOnlyMemory<GroupRecord> records, Action<ErrorCode, Moment> done)
    {
        var append = _appends.Begin(done);
        ValueTask<ErrorCode> storing;
        try
        {
            storing = _house.Store.AppendAsync(_partition, records);
        }
        catch (Exception)
        {
            storing = new ValueTask<ErrorCode>(ErrorCode.KafkaStorageError);
        }

        if (storing.IsCompletedSuccessfully)
            append.Outcome = StoreErrors.ToAnswer(storing.Result);
        else
            _ = FinishAsync(append, storing);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever a store throws is an append that failed, and the group goes on.")]
    private async Task FinishAsync(AppendQueue.Append append, ValueTask<ErrorCode> storing)
    {
        ErrorCode error;
        try
        {
            error = await storing;
        }
        catch (Exception)
        {
            error = ErrorCode.KafkaStorageError;
        }

        lock (_gate)
        {
            append.Outcome = StoreErrors.ToAnswer(error);
            EndTurn(_house.Clock.Now);
        }
    }

    private void EndTurn(Moment now)
    {
        _appends.Drain(now);
        _house.Deadlines.Set(this, _group.NextDeadline);
        if (_group.IsUntouched && _offsets.Count == 0 && _appends.IsEmpty)
        {
            _group.Kill();
            _house.Remove(this);
        }
    }
}
