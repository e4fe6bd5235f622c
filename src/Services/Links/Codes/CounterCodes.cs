namespace Groundwork.Links;

/// <summary>
/// Numbers from a counter: unique by construction, and handed out without coordination within a block.
/// </summary>
/// <remarks>
/// <para>Blocks come from the database, each taken for good by a statement that only moves forward. Numbers left over when a
/// copy stops are gaps, which cost nothing.</para>
/// <para>A restored backup does not know of the numbers handed out after it was taken. So the counter then skips forward by
/// more than can have been handed out since: <see cref="FastestCodesPerSecond"/> for the time that has gone by, and an
/// hour for clocks that differ; but never by more than an eighth of the numbers, so that a clock that was far off when the
/// backup was taken does not use them up.</para>
/// <para>Invariant: no number is handed out twice, by this copy or another, before or after a crash. Safe for concurrent use;
/// at most one lease is under way at a time.</para>
/// </remarks>
internal sealed class CounterCodes(CodeStore store, LinksOptions options, TimeProvider time) : ICodeSource, IDisposable
{
    /// <summary>The name of its row.</summary>
    public const string Sequence = "links";

    // Above what the database takes on any machine measured; 51 days of it are the eighth.
    private const long FastestCodesPerSecond = 100_000;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    // How far all copies together cannot come in a second: a thousand leases of the largest blocks, each a durable write to one row.
    private const long Reach = 1_000_000_000;
    private static readonly TimeSpan SeenFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _leasing = new(1);
    private readonly Lock _gate = new();
    private volatile Seen? _seen;
    private long _next;
    private long _end;

    public LinkOrigin Origin => LinkOrigin.Counter;

    /// <summary>Skips forward on the first start after a restore.</summary>
    /// <param name="restoredFrom">When the backup was taken on whose data this is the first start; null where it is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StartAsync(DateTimeOffset? restoredFrom, CancellationToken cancellationToken)
    {
        if (restoredFrom is { } backup)
            await store.LeaseNumbersAsync(Sequence, Skip(time.GetUtcNow() - backup), cancellationToken);
    }

    /// <exception cref="InvalidOperationException">All 62⁷ numbers are used up.</exception>
    public async ValueTask<long> DrawAsync(LinkContent content, int attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var number))
                return number;

            await _leasing.WaitAsync(cancellationToken);
            try
            {
                if (TryTake(out number))
                    return number;
                var end = await store.LeaseNumbersAsync(Sequence, options.CodeBlock, cancellationToken);
                if (end > CodeSpace.ShortCodes)
                    throw new InvalidOperationException($"All {CodeSpace.ShortCodes} codes of {CodeSpace.ShortLength} characters are used up.");
                lock (_gate)
                    (_next, _end) = (end - options.CodeBlock, end);
            }
            finally
            {
                _leasing.Release();
            }
        }
    }

    public async ValueTask<bool> MayHaveHandedOutAsync(long number, CancellationToken cancellationToken)
    {
        if (number < 0 || number >= CodeSpace.ShortCodes)
            return false;

        // Hashes lie anywhere, and are asked for one by one: nearly all lie so far ahead that no copy can have come there since.
        if (_seen is { } seen)
        {
            if (number < seen.Next)
                return true;
            if (number >= seen.Next + Reach && time.GetElapsedTime(seen.At) < SeenFor)
                return false;
        }

        var at = time.GetTimestamp();
        var next = await store.NextNumberAsync(Sequence, cancellationToken);
        _seen = new(next, at);
        return number < next;
    }

    public void Dispose() => _leasing.Dispose();

    private static long Skip(TimeSpan sinceBackup) => Math.Min(
        CodeSpace.ShortCodes / 8,
        (long)((sinceBackup > TimeSpan.Zero ? sinceBackup : TimeSpan.Zero) + ClockTolerance).TotalSeconds * FastestCodesPerSecond);

    private bool TryTake(out long number)
    {
        lock (_gate)
        {
            number = _next;
            if (_next >= _end)
                return false;
            _next++;
            return true;
        }
    }

    /// <summary>Where the counter was, and when it was asked.</summary>
    private sealed record Seen(long Next, long At);
}
