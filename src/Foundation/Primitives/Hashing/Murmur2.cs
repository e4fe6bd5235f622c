using System.Buffers.Binary;

namespace Groundwork.Primitives.Hashing;

/// <summary>
/// MurmurHash2 of 32 bits (A. Appleby, 2008, public domain) with the seed of Kafka's clients: by which Java's client, and those that
/// follow it, find a key's partition. Pure; allocates nothing.
/// </summary>
/// <remarks>No hash against people: keys of any wanted partition are made at will.</remarks>
public static class Murmur2
{
    private const uint Seed = 0x9747B28C;
    private const uint Multiplier = 0x5BD1E995;
    private const int Shift = 24;

    /// <summary>The hash of some bytes, as the number with a sign that Java has it as.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
        {
            var word = unchecked(BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier);
            word ^= word >> Shift;
            hash = unchecked((hash * Multiplier) ^ (word * Multiplier));
        }

        if (data.Length > 0)
        {
            for (var i = 0; i < data.Length; i++)
                hash ^= (uint)data[i] << (8 * i);
            hash = unchecked(hash * Multiplier);
        }

        hash ^= hash >> 13;
        hash = unchecked(hash * Multiplier);
        return (int)(hash ^ (hash >> 15));
    }
}
