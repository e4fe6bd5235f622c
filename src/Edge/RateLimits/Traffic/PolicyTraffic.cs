using Groundwork.Primitives.Hashing;

namespace Groundwork.RateLimits.Traffic;

/// <summary>
/// What this copy has seen lately of a policy: how much of each outcome in each second, who asks most, who is refused most, and the takes
/// themselves.
/// </summary>
/// <remarks>
/// A take is hashed, and counted down towards the next that is told (<see cref="TopKeys"/>); what is recorded of it besides depends on its key
/// (<see cref="ArrivalRing"/>). It allocates nothing, once the names and the ring have grown. Safe for concurrent use.
/// </remarks>
internal sealed class PolicyTraffic
{
    private readonly ulong _seed;
    private readonly TrafficClock _clock;

    /// <param name="clock">The clock.</param>
    /// <param name="random">What samples are drawn by, and the hash of keys.</param>
    public PolicyTraffic(TrafficClock clock, Random random)
    {
        (_clock, _seed) = (clock, (ulong)random.NextInt64());
        Asked = new TopKeys(clock, new Random(random.Next()));
        Refused = new TopKeys(clock, new Random(random.Next()));
        Arrivals = new ArrivalRing(clock);
    }

    /// <summary>Outcomes, second by second.</summary>
    public OutcomeSeries Series { get; } = new();

    /// <summary>Who asks most.</summary>
    public TopKeys Asked { get; }

    /// <summary>Who is refused most, or would be by a shadow.</summary>
    public TopKeys Refused { get; }

    /// <summary>The takes themselves.</summary>
    public ArrivalRing Arrivals { get; }

    /// <summary>A take was decided on.</summary>
    /// <param name="key">Who asked.</param>
    /// <param name="cost">How much was wanted.</param>
    /// <param name="isRefused">Whether it was refused, or would be if the policy were not a shadow.</param>
    /// <param name="isRecorded">Whether it can be replayed: it was taken from the limits of the policy itself.</param>
    public void Add(ReadOnlySpan<byte> key, long cost, bool isRefused, bool isRecorded)
    {
        var hash = WyHash.Hash(key, _seed);
        Asked.Add(hash, key);
        if (isRefused)
            Refused.Add(hash, key);
        if (isRecorded)
            Arrivals.Add(hash, cost);
    }

    /// <summary>Time goes on: to be called about every second.</summary>
    /// <param name="counted">What was counted since the program began.</param>
    public void Tick(OutcomeCounts counted)
    {
        Series.Tell(_clock.Second, counted);
        Arrivals.Tick();
    }
}
