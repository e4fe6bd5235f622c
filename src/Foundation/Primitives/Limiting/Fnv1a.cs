namespace Groundwork.Primitives.Limiting;

/// <summary>The 64-bit FNV-1a of G. Fowler, L. C. Noll and K.-P. Vo, over numbers as eight bytes, the lowest first.</summary>
internal static class Fnv1a
{
    /// <summary>The hash of nothing.</summary>
    public const ulong Start = 0xCBF2_9CE4_8422_2325;

    private const ulong Prime = 0x0000_0100_0000_01B3;

    /// <summary>The hash of what was hashed before and another number.</summary>
    public static ulong Add(ulong hash, long value)
    {
        for (var shift = 0; shift < 64; shift += 8)
            hash = unchecked((hash ^ (byte)(value >> shift)) * Prime);
        return hash;
    }
}
