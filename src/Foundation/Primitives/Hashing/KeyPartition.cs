namespace Groundwork.Primitives.Hashing;

/// <summary>Which partition of a topic a key is in, as Java's client of Kafka has it: its <see cref="Murmur2"/> without the sign, modulo their number. Pure; allocates nothing.</summary>
public static class KeyPartition
{
    /// <summary>The partition of a key of any length, from 0.</summary>
    /// <param name="key">The key.</param>
    /// <param name="partitions">How many partitions there are, at least 1.</param>
    public static int Of(ReadOnlySpan<byte> key, int partitions) => (Murmur2.Hash(key) & int.MaxValue) % partitions;
}
