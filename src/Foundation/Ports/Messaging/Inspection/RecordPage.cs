namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>Which records are asked for.</summary>
/// <param name="Start">Where to begin. What is gone or not there yet begins at the nearest offset that is there; <see cref="ReadStart.Latest"/> is the page of the newest.</param>
/// <param name="Count">How many at most, 1 to <see cref="MaxCount"/>.</param>
/// <param name="Bytes">How many bytes of keys, values and headers together, but for one record that has more; 1 to <see cref="MaxBytes"/>.</param>
public sealed record RecordQuery(ReadStart Start, int Count, int Bytes = RecordQuery.MaxBytes)
{
    /// <summary>The most records of a page.</summary>
    public const int MaxCount = 1000;

    /// <summary>The most bytes of a page.</summary>
    public const int MaxBytes = 16 << 20;
}

/// <summary>Some records of a partition.</summary>
/// <param name="Records">In their order.</param>
/// <param name="From">The offset at which the page begins.</param>
/// <param name="Next">The offset at which the next one does: the partition's end where this is the last.</param>
/// <param name="Offsets">The offsets that the partition has.</param>
/// <param name="Damage">What is wrong with the batch at <paramref name="Next"/>, which cannot be read; null where nothing is. The page after it is one that begins behind.</param>
public sealed record RecordPage(IReadOnlyList<IncomingRecord> Records, long From, long Next, OffsetRange Offsets, string? Damage);
