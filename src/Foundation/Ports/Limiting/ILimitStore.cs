using Groundwork.Primitives.Limiting;

namespace Groundwork.Ports.Limiting;

/// <summary>
/// The Limiting port: where limits are counted, by one clock and one take at a time a key, whoever asks.
/// </summary>
/// <remarks>
/// <para>A take is atomic: two callers never get the same permit. Time is the store's, never the caller's, so that callers whose clocks differ
/// are treated alike. What a limit admits, and what a clock that steps does to it, each algorithm of
/// <see cref="Primitives.Limiting"/> says.</para>
/// <para>A state belongs to a key and a limit: a limit that was changed begins anew. States are gone when they say nothing any more, and
/// otherwise stay while the store does: nobody is evicted for others. A store that was started again forgives what it had counted, one burst
/// (or window) a key.</para>
/// <para>Keys are 1 to <see cref="LimitStoreLimits.MaxKeyBytes"/> bytes; others throw <see cref="ArgumentException"/>. Safe for any number of
/// concurrent callers. Every failure of the store is a <c>CacheException</c>, within <c>Cache:Timeout</c> where it is
/// not in this process; whether a take was done is not known then.</para>
/// </remarks>
public interface ILimitStore
{
    /// <summary>Takes from all limits, or from none.</summary>
    /// <param name="takes">1 to <see cref="LimitStoreLimits.MaxTakes"/>, no key twice.</param>
    /// <param name="decisions">Each one's decision. Where some refuse, nothing was taken, and those that would have allowed it say what is
    /// there, as for a cost of 0.</param>
    /// <param name="cancellationToken">Ends the wait; it may be done all the same.</param>
    /// <returns>Whether all allowed it.</returns>
    ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default);

    /// <summary>What <see cref="TakeAsync"/> would say; nothing is taken.</summary>
    ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default);

    /// <summary>Gives back what a holder has of a concurrency limit.</summary>
    /// <returns>Whether it had any: it may have lived too long.</returns>
    ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default);

    /// <summary>Forgets what was taken of a key's limit, so that it is as if never used.</summary>
    ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default);
}

/// <summary>A take of one key from one limit.</summary>
/// <param name="Key">Who is limited.</param>
/// <param name="Limit">By what.</param>
/// <param name="Cost">How many permits; 0 looks only.</param>
/// <param name="Holder">Who holds them, with concurrency: a number that nobody else uses meanwhile.</param>
public readonly record struct LimitTake(ReadOnlyMemory<byte> Key, Limit Limit, long Cost, ulong Holder = 0)
{
    /// <summary>The length of <see cref="WriteName"/>.</summary>
    public int NameLength => Key.Length + sizeof(ulong);

    /// <summary>Writes the name of its state: the key, and which limit it is.</summary>
    public void WriteName(Span<byte> name)
    {
        Key.Span.CopyTo(name);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(name[Key.Length..], Limit.Fingerprint);
    }
}

/// <summary>The bounds of the port.</summary>
public static class LimitStoreLimits
{
    /// <summary>The longest key.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>The most limits that are asked at once.</summary>
    public const int MaxTakes = 16;

    /// <summary>The name of the space that states are kept in.</summary>
    public const string SpaceName = "limits";

    /// <summary>Throws where the takes are none, too many, or a key is too long.</summary>
    public static void Check(ReadOnlySpan<LimitTake> takes, int decisions)
    {
        if (takes.Length is 0 or > MaxTakes)
            throw new ArgumentException($"1 to {MaxTakes} limits are asked at once, not {takes.Length}.", nameof(takes));
        if (decisions < takes.Length)
            throw new ArgumentException($"There is room for {decisions} decisions of {takes.Length}.", nameof(decisions));
        foreach (ref readonly var take in takes)
            Check(take);
    }

    /// <summary>Throws where a key is too long, or empty.</summary>
    public static void Check(in LimitTake take)
    {
        if (take.Key.Length is 0 or > MaxKeyBytes)
            throw new ArgumentException($"A key is 1 to {MaxKeyBytes} bytes, not {take.Key.Length}.", nameof(take));
    }
}
