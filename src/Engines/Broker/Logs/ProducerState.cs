using Groundwork.Broker.Records;

namespace Groundwork.Broker.Logs;

/// <summary>A batch of an idempotent producer that was appended.</summary>
/// <param name="FirstSequence">The producer's number of its first record.</param>
/// <param name="LastSequence">That of its last.</param>
/// <param name="LastOffset">Where its last record is.</param>
/// <param name="OffsetDelta">How far before that its first one is.</param>
/// <param name="Timestamp">Its latest time.</param>
internal readonly record struct ProducedBatch(int FirstSequence, int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    /// <summary>Where its first record is.</summary>
    public long BaseOffset => LastOffset - OffsetDelta;
}

/// <summary>What a log knows of one idempotent producer: its epoch, and its last five batches, which are as many as it may have under way. Guarded by the log's lock.</summary>
internal sealed class ProducerState(long producerId, short epoch)
{
    /// <summary>How many batches a producer may have under way, and so how many can come twice.</summary>
    public const int Kept = 5;

    private readonly List<ProducedBatch> _batches = new(Kept);

    public long ProducerId { get; } = producerId;

    public short Epoch { get; private set; } = epoch;

    /// <summary>When it last appended, in milliseconds since 1970 by the broker's clock.</summary>
    public long LastUse { get; set; }

    /// <summary>Its last batches, the oldest first.</summary>
    public IReadOnlyList<ProducedBatch> Batches => _batches;

    /// <summary>The batch that this one is a repetition of; null where it is none.</summary>
    public ProducedBatch? FindDuplicate(in RecordBatch batch)
    {
        if (batch.ProducerEpoch != Epoch)
            return null;
        var last = Sequence(batch.BaseSequence, batch.LastOffsetDelta);
        foreach (var known in _batches)
        {
            if (known.FirstSequence == batch.BaseSequence && known.LastSequence == last)
                return known;
        }

        return null;
    }

    /// <summary>Whether a sequence follows on the last one.</summary>
    public bool Follows(int sequence) => _batches.Count == 0 || sequence == Sequence(_batches[^1].LastSequence, 1);

    /// <summary>Whether a batch is from before all that is known of.</summary>
    public bool IsBefore(in RecordBatch batch) =>
        _batches.Count > 0 && unchecked(Sequence(batch.BaseSequence, batch.LastOffsetDelta) - _batches[0].FirstSequence) < 0;

    /// <summary>Remembers a batch. A new epoch forgets those of the one before.</summary>
    public void Add(short epoch, ProducedBatch batch)
    {
        if (epoch != Epoch)
            _batches.Clear();
        else if (_batches.Count == Kept)
            _batches.RemoveAt(0);
        Epoch = epoch;
        _batches.Add(batch);
    }

    /// <summary>A copy that nobody changes.</summary>
    public ProducerState Copy()
    {
        var copy = new ProducerState(ProducerId, Epoch) { LastUse = LastUse };
        copy._batches.AddRange(_batches);
        return copy;
    }

    /// <summary>The sequence that is so many behind another: after the largest comes 0.</summary>
    public static int Sequence(int from, int steps) => (int)(((long)from + steps) & int.MaxValue);
}
