using Groundwork.Broker.Groups.Membership;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Broker.Embedded;

/// <summary>
/// What a member has from one agreement of its group to the next: partitions with its places in them. Records are taken in hand one at a time; once it is ending,
/// no more are, and it is over when the one in hand is done.
/// </summary>
/// <remarks>Safe for concurrent callers; the readers are used by the one who reads.</remarks>
internal sealed class Tenure(MemberIdentity identity, int generation, IReadOnlyDictionary<TopicPartition, PartitionReader> readers) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isInHand;

    /// <summary>Who the member is in it.</summary>
    public MemberIdentity Identity => identity;

    /// <summary>The group's generation.</summary>
    public int Generation => generation;

    /// <summary>Its partitions.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionReader> Readers { get; } = readers;

    /// <summary>Their readers, to be asked in turn.</summary>
    public IReadOnlyList<PartitionReader> InTurn { get; } = [.. readers.Values];

    /// <summary>It is ending: nothing more is taken in hand.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Completes when others may have the partitions.</summary>
    public Task Over => _over.Task;

    /// <summary>Takes a record in hand; false once it is ending.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_ending.IsCancellationRequested)
                return false;
            return _isInHand = true;
        }
    }

    /// <summary>Whoever had a record in hand is done with it.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isInHand = false;
            if (_ending.IsCancellationRequested)
                _done.TrySetResult();
        }
    }

    /// <summary>Takes nothing more in hand.</summary>
    /// <returns>Completes when nothing is in hand.</returns>
    public Task End()
    {
        lock (_gate)
        {
            if (!_isInHand)
                _done.TrySetResult();

            // Who waits for records is told on threads of their own: nothing of theirs runs in here.
            _ = _ending.CancelAsync();
            return _done.Task;
        }
    }

    /// <summary>Others may have the partitions from now on.</summary>
    public void Dispose() => _over.TrySetResult();
}
