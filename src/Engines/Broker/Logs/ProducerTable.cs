using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Logs;

/// <summary>
/// The idempotent producers of one log: finds repetitions, gaps and producers whose place was taken. Kept by checkpoints, so it
/// outlasts the segments from which it came. Guarded by the log's lock.
/// </summary>
/// <remarks>Bounded: those that appended nothing for <see cref="Forget"/>'s time go, and above <see cref="MaxProducers"/> the one that has been still for longest.</remarks>
internal sealed class ProducerTable
{
    /// <summary>How many producers a log remembers.</summary>
    public const int MaxProducers = 10_000;

    private readonly Dictionary<long, ProducerState> _producers = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ProducerState> All => _producers.Values;

    /// <summary>Whether a batch may be appended.</summary>
    /// <param name="batch">A batch of an idempotent producer.</param>
    /// <param name="duplicate">The batch that it repeats, which is then its answer.</param>
    /// <returns>Why it may not; null where it may, or is a repetition.</returns>
    public BatchFault? Check(in RecordBatch batch, out ProducedBatch? duplicate)
    {
        duplicate = null;

        // Of a producer that is not known any more, any sequence is a beginning (KIP-360).
        if (!_producers.TryGetValue(batch.ProducerId, out var state))
            return null;
        if (batch.ProducerEpoch < state.Epoch)
            return new(ErrorCode.InvalidProducerEpoch, $"Producer {batch.ProducerId} is at epoch {state.Epoch}, and this batch is of epoch {batch.ProducerEpoch}: another one has taken its place.");
        if (batch.ProducerEpoch > state.Epoch)
        {
            return batch.BaseSequence == 0
                ? null
                : new(ErrorCode.OutOfOrderSequenceNumber, $"Epoch {batch.ProducerEpoch} of producer {batch.ProducerId} begins with sequence {batch.BaseSequence}, not 0.");
        }

        duplicate = state.FindDuplicate(batch);
        if (duplicate is not null || state.Follows(batch.BaseSequence))
            return null;
        return state.IsBefore(batch)
            ? new(ErrorCode.DuplicateSequenceNumber, $"Sequence {batch.BaseSequence} of producer {batch.ProducerId} was appended longer ago than its last {ProducerState.Kept} batches.")
            : new(ErrorCode.OutOfOrderSequenceNumber, $"Sequence {batch.BaseSequence} of producer {batch.ProducerId} does not follow on {state.Batches[^1].LastSequence}.");
    }

    /// <summary>Remembers a batch that was appended.</summary>
    public void Add(in RecordBatch batch, long now)
    {
        if (!_producers.TryGetValue(batch.ProducerId, out var state))
        {
            if (_producers.Count == MaxProducers)
                _ = _producers.Remove(_producers.Values.MinBy(p => p.LastUse)!.ProducerId);
            _producers.Add(batch.ProducerId, state = new ProducerState(batch.ProducerId, batch.ProducerEpoch));
        }

        state.LastUse = now;
        state.Add(batch.ProducerEpoch, new ProducedBatch(
            batch.BaseSequence, ProducerState.Sequence(batch.BaseSequence, batch.LastOffsetDelta), batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp));
    }

    /// <summary>Puts back what a checkpoint kept.</summary>
    public void Restore(ProducerState state) => _producers[state.ProducerId] = state;

    /// <summary>Forgets those that appended nothing since a time.</summary>
    public void Forget(long before)
    {
        foreach (var state in _producers.Values.Where(p => p.LastUse < before).ToList())
            _ = _producers.Remove(state.ProducerId);
    }
}
