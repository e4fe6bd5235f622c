namespace Groundwork.Links;

/// <summary>
/// Numbers from time, node and sequence, after Twitter's Snowflake: no coordination at all, at the price of longer codes.
/// </summary>
/// <remarks>
/// <para>41 bits of milliseconds since 2025 (until 2094), 10 bits of node, 11 bits of sequence. The node is drawn at random at
/// the start: two copies that draw the same one meet at the unique key now and then, and whoever comes second draws again,
/// which costs less than handing out nodes. Numbers of one copy only grow, even where the clock steps back; a burst beyond
/// 2,048 a millisecond borrows from the milliseconds to come. Safe for concurrent use.</para>
/// </remarks>
internal sealed class SnowflakeCodes(TimeProvider time, Random random) : ICodeSource
{
    private const int NodeBits = 10;
    private const int SequenceBits = 11;
    private const int TimeShift = NodeBits + SequenceBits;

    private static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // How far other copies' clocks, and their bursts, may be ahead.
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly long _node = random.Next(1 << NodeBits);
    private long _last;

    public LinkOrigin Origin => LinkOrigin.Snowflake;

    public ValueTask<long> DrawAsync(LinkContent content, int attempt, CancellationToken cancellationToken)
    {
        // Time and sequence are one count, with the node put between them afterwards.
        long count;
        lock (_gate)
            _last = count = Math.Max(_last + 1, Milliseconds(time.GetUtcNow()) << SequenceBits);
        var sequence = count & ((1 << SequenceBits) - 1);
        return new(CodeSpace.ShortCodes + ((count >> SequenceBits << TimeShift) | (_node << SequenceBits) | sequence));
    }

    public ValueTask<bool> MayHaveHandedOutAsync(long number, CancellationToken cancellationToken) => new(
        number >= CodeSpace.ShortCodes && number - CodeSpace.ShortCodes < Milliseconds(time.GetUtcNow() + Ahead) << TimeShift);

    private static long Milliseconds(DateTimeOffset at) => Math.Max(0, (long)(at - Epoch).TotalMilliseconds);
}
