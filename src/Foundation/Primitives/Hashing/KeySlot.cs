namespace Groundwork.Primitives.Hashing;

/// <summary>
/// Which of 16,384 slots a key is in, as Redis Cluster's specification says ("Key distribution model", "Hash tags"): the
/// <see cref="Crc16"/> of the key modulo 16,384. Pure; allocates nothing.
/// </summary>
public static class KeySlot
{
    /// <summary>How many slots there are: numbers 0 to 16,383.</summary>
    public const int Count = 1 << 14;

    /// <summary>The slot of a key of any length.</summary>
    public static int Of(ReadOnlySpan<byte> key) => Crc16.Hash(HashedPart(key)) & (Count - 1);

    /// <summary>
    /// The part of a key that names its slot, so that people can keep keys together: what stands between the first <c>{</c> and
    /// the first <c>}</c> after it (<c>user1000</c> of <c>{user1000}.following</c>); the whole key where one of them is missing
    /// or nothing stands between.
    /// </summary>
    public static ReadOnlySpan<byte> HashedPart(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open < 0)
            return key;
        var tag = key[(open + 1)..];
        var length = tag.IndexOf((byte)'}');
        return length > 0 ? tag[..length] : key;
    }
}
