namespace Groundwork.RateLimits.Traffic;

/// <summary>A take as it came.</summary>
/// <param name="Key">The hash of its key.</param>
/// <param name="At">When, in microseconds since 1970.</param>
/// <param name="Cost">How much it wanted.</param>
internal readonly record struct Arrival(ulong Key, long At, long Cost);

/// <summary>What was recorded: of every key that is in it, all that came. Immutable.</summary>
/// <param name="Arrivals">In the order in which they came.</param>
/// <param name="Since">From when on they are all there, in microseconds since 1970.</param>
/// <param name="Until">When it was read.</param>
/// <param name="KeyShare">Which part of all keys is in it, about: 1 for all.</param>
internal sealed record RecordedArrivals(IReadOnlyList<Arrival> Arrivals, long Since, long Until, double KeyShare);
