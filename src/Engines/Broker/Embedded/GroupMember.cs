using System.Runtime.CompilerServices;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Node;
using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Messaging;
using GroupPartition = Groundwork.Broker.Groups.Offsets.TopicPartition;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Broker.Embedded;

/// <summary>A member of a group in the process: a task that keeps its place in the group, and the caller who reads what it has.</summary>
/// <remarks>They meet in the <see cref="Tenure"/>. One chunk of one partition is held at a time, of all partitions in their turn.</remarks>
internal sealed class GroupMember : IGroupMember
{
    private readonly CancellationTokenSource _stop = new();
    private readonly BrokerNode _node;
    private readonly GroupSession _session;
    private readonly Action<GroupMember> _left;
    private readonly string _group;
    private TaskCompletionSource<Tenure> _tenure = NewTenure();
    private Task _run = Task.CompletedTask;
    private int _turn;

    public GroupMember(BrokerNode node, string group, IReadOnlyList<string> topics, MemberOptions options, Action<GroupMember> left)
    {
        (_node, _group, _left) = (node, group, left);
        _session = new GroupSession(node, group, topics, options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TopicPartition> Assigned =>
        Volatile.Read(ref _tenure).Task is { IsCompletedSuccessfully: true } task && !task.Result.Ending.IsCancellationRequested ? [.. task.Result.Readers.Keys] : [];

    /// <summary>Comes into the group. Called once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(RunAsync, CancellationToken.None);
        _ = await CurrentAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IncomingRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var tenure = await CurrentAsync(cancellationToken);
            using var wait = new FetchWait();
            var isWatching = false;
            while (!tenure.Ending.IsCancellationRequested)
            {
                wait.Arm();
                if (Next(tenure) is var (reader, chunk))
                {
                    foreach (var record in chunk.Records())
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (!tenure.TryTake())
                            break;
                        reader.Passed(record.Offset + 1);
                        try
                        {
                            yield return record;
                        }
                        finally
                        {
                            tenure.Release();
                        }
                    }

                    if (!tenure.Ending.IsCancellationRequested)
                        reader.Passed(chunk.NextOffset);
                }
                else if (!isWatching)
                {
                    // Between looking and watching a log may have grown: so it is looked at once more after the first time.
                    foreach (var log in tenure.Readers.Values.Select(held => held.Log).OfType<Logs.PartitionLog>())
                        wait.Watch(log);
                    isWatching = true;
                }
                else
                {
                    await WaitAsync(wait, tenure, cancellationToken);
                }
            }

            await OverAsync(tenure, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(IReadOnlyCollection<IncomingRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        var next = new Dictionary<TopicPartition, long>();
        foreach (var record in records)
        {
            var partition = new TopicPartition(record.Topic, record.Partition);
            next[partition] = Math.Max(record.Offset + 1, next.GetValueOrDefault(partition));
        }

        // Where the group agrees anew meanwhile it is asked again, if the partitions are still its own: each time in another generation.
        while (next.Count > 0)
        {
            var tenure = await CurrentAsync(cancellationToken);
            foreach (var (partition, offset) in next)
            {
                // What it got in an earlier tenure says nothing of what others have committed since.
                if (!tenure.Readers.TryGetValue(partition, out var reader) || offset <= reader.First)
                    throw Revoked(partition);
            }

            var errors = await _node.Groups.CommitAsync(new CommitCall
            {
                Group = _group,
                Identity = tenure.Identity,
                Generation = tenure.Generation,
                Offsets = [.. next.Select(one => new OffsetToCommit(new GroupPartition(one.Key.Topic, one.Key.Partition), one.Value))],
            }).WaitAsync(cancellationToken);
            switch (errors.FirstOrDefault(error => error != ErrorCode.None))
            {
                case ErrorCode.None:
                    return;
                case ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId:
                    await OverAsync(tenure, cancellationToken);
                    break;
                case var error:
                    throw Failures.Of(error, $"A commit of group {_group}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _run;
        _left(this);
    }

    private static TaskCompletionSource<Tenure> NewTenure() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerException Revoked(TopicPartition partition) => new(
        BrokerFault.Revoked, $"Partition {partition.Partition} of {partition.Topic} is another member's of group {_group} by now: the records come to that one again.");

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var tenure = await _session.JoinAsync(_stop.Token);
                Volatile.Read(ref _tenure).SetResult(tenure);
                try
                {
                    await _session.StayAsync(tenure, _stop.Token);
                }
                finally
                {
                    _ = tenure.End();
                    Volatile.Write(ref _tenure, NewTenure());
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Volatile.Read(ref _tenure).TrySetException(new BrokerException(BrokerFault.Unavailable, $"The member has left group {_group}."));
        }
        catch (Exception e)
        {
            Volatile.Read(ref _tenure).TrySetException(e as BrokerException ?? new BrokerException(BrokerFault.Unavailable, $"The member of group {_group} has failed: {e.Message}", e));
        }
        finally
        {
            // That nobody reads any more is no fault.
            _ = Volatile.Read(ref _tenure).Task.Exception;
            _session.Leave();
        }
    }

    private Task<Tenure> CurrentAsync(CancellationToken cancellationToken) => Volatile.Read(ref _tenure).Task.WaitAsync(cancellationToken);

    private static Task OverAsync(Tenure tenure, CancellationToken cancellationToken) => tenure.Over.WaitAsync(cancellationToken);

    private (PartitionReader Reader, Chunk Chunk)? Next(Tenure tenure)
    {
        var readers = tenure.InTurn;
        for (var i = 0; i < readers.Count; i++)
        {
            var reader = readers[(int)((uint)_turn++ % (uint)readers.Count)];
            if (reader.Log is not null && reader.Next() is { } chunk)
                return (reader, chunk);
        }

        return null;
    }

    private async Task WaitAsync(FetchWait wait, Tenure tenure, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tenure.Ending);
        try
        {
            await wait.WaitAsync(Timeout.InfiniteTimeSpan, _node.Time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The tenure ends: on to the next one.
        }
    }
}
