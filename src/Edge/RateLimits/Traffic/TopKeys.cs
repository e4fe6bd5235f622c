using Groundwork.Primitives.Sketches;

namespace Groundwork.RateLimits.Traffic;

/// <summary>
/// The keys that come most, of late: each processor counts down by itself how many it lets pass before it tells one.
/// </summary>
/// <remarks>
/// Counts are halved every half minute, so that those of a quarter of an hour ago weigh nothing. Some 20 KB, and the names. Safe for
/// concurrent use: a countdown that two threads of a processor change at once may let one more or one less pass.
/// </remarks>
internal sealed class TopKeys
{
    /// <summary>How many keys can be told apart: whoever has more than one in so many is among them.</summary>
    public const int Capacity = 128;

    /// <summary>After which time a take weighs half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(30);

    // Two cache lines apart, since processors fetch them in pairs.
    private const int Stride = 32;

    private readonly HeavyHitters _keys;
    private readonly TrafficClock _clock;
    private readonly int[] _untilTold;
    private readonly int _mask;

    public TopKeys(TrafficClock clock, Random random)
    {
        (_clock, _keys) = (clock, new HeavyHitters(random, Capacity, HalfLife));
        var stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
        (_mask, _untilTold) = (stripes - 1, new int[(stripes + 1) * Stride]);
    }

    /// <summary>A key came.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> name)
    {
        ref var until = ref _untilTold[((Thread.GetCurrentProcessorId() & _mask) + 1) * Stride];
        if (--until <= 0)
            until = _keys.Tell(until, hash, 0, name, _clock.Milliseconds);
    }

    /// <summary>Those that come most, the first first.</summary>
    public HeavyHitterReport Report(int count) => _keys.Report(count, _clock.Milliseconds);
}
