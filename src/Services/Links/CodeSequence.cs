using Groundwork.Platform.Http;
using Groundwork.Primitives;

namespace Groundwork.Links;

/// <summary>
/// Hands out codes: seven characters, unique by construction, and not to be guessed from one another.
/// </summary>
/// <remarks>
/// <para>A code is the base62 form of a number's keyed permutation over exactly 62⁷ numbers. Numbers come from the database
/// in blocks, each taken for good by a statement that only moves forward; within a block they are handed out without any
/// coordination. Numbers left over when a copy stops are gaps, which cost nothing.</para>
/// <para>A restored backup does not know of the numbers handed out after it was taken. So the sequence then skips forward by
/// more than can have been handed out since: <see cref="FastestCodesPerSecond"/> for the time that has gone by, and an
/// hour for clocks that differ; but never by more than an eighth of the numbers, so that a clock that was far off when the
/// backup was taken does not use them up.</para>
/// <para>Invariant: no number is handed out twice, by this copy or another, before or after a crash. Safe for concurrent use;
/// at most one lease is under way at a time.</para>
/// </remarks>
internal sealed class CodeSequence(LinkStore store, LinksOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How long a code is.</summary>
    public const int CodeLength = 7;

    private const string Name = "links";

    // Above what the database takes on any machine measured; 51 days of it are the eighth.
    private const long FastestCodesPerSecond = 100_000;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    private static readonly long Numbers = Base62.Capacity(CodeLength);

    private readonly SemaphoreSlim _leasing = new(1);
    private readonly Lock _gate = new();
    private FeistelPermutation? _permutation;
    private long _next;
    private long _end;

    /// <summary>Reads the key of the permutation, and skips forward after a restore.</summary>
    /// <param name="restoredFrom">When the backup was taken on whose data this is the first start; null where it is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StartAsync(DateTimeOffset? restoredFrom, CancellationToken cancellationToken)
    {
        if (restoredFrom is { } backup)
            await store.LeaseNumbersAsync(Name, Skip(time.GetUtcNow() - backup), cancellationToken);
        _permutation = new FeistelPermutation(Numbers, await store.SecretAsync("permutation", cancellationToken));
    }

    /// <summary>The next number and its code.</summary>
    /// <exception cref="InvalidOperationException">All 62⁷ numbers are used up.</exception>
    public async ValueTask<(long Number, string Code)> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var number = await NextNumberAsync(cancellationToken);
            var code = Base62.Encode(_permutation!.Permute(number), CodeLength);
            if (!ReservedSegments.Contains(code))
                return (number, code);
        }
    }

    /// <summary>The number of a code; false where it cannot be one.</summary>
    public bool TryNumber(string code, out long number)
    {
        number = 0;
        if (code.Length != CodeLength || !Base62.TryDecode(code, out var permuted) || permuted >= Numbers)
            return false;
        number = _permutation!.Invert(permuted);
        return true;
    }

    public void Dispose() => _leasing.Dispose();

    private static long Skip(TimeSpan sinceBackup) =>
        Math.Min(Numbers / 8, (long)((sinceBackup > TimeSpan.Zero ? sinceBackup : TimeSpan.Zero) + ClockTolerance).TotalSeconds * FastestCodesPerSecond);

    private async ValueTask<long> NextNumberAsync(CancellationToken cancellationToken)
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
                var end = await store.LeaseNumbersAsync(Name, options.CodeBlock, cancellationToken);
                if (end > Numbers)
                    throw new InvalidOperationException($"All {Numbers} codes of {CodeLength} characters are used up.");
                lock (_gate)
                    (_next, _end) = (end - options.CodeBlock, end);
            }
            finally
            {
                _leasing.Release();
            }
        }
    }

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
}
