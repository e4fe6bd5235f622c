namespace Groundwork.Primitives.Hashing;

/// <summary>One hash made into another: each bit of the result depends on every bit of what went in.</summary>
/// <remarks>
/// The finalizer of SplitMix64 with D. Stafford's constants (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014): a bijection of 64 bits, not a secret. Pure; allocates nothing.
/// </remarks>
internal static class Mixing
{
    /// <summary>The odd number nearest to 2⁶⁴ divided by the golden ratio: its multiples are spread evenly.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The hash of a hash.</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    /// <summary>A number in [0, <paramref name="bound"/>) that a hash names by its high bits.</summary>
    public static ulong Scale(ulong hash, ulong bound) => Math.BigMul(hash, bound, out _);
}
