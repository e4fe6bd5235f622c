using Groundwork.Ports.Caching;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Hot keys under several names, so that no node of a shared cache has all of their reads: which name this process reads, and which names
/// there are to be removed.
/// </summary>
/// <remarks>
/// <para>Each process reads a hot key (<see cref="HotReads"/>) by one of its copies' names, always the same, and all others by their own. Each
/// decides for itself and tells nobody; nothing depends on whether they agree, since a removal removes every name that anybody may read. Each
/// name has its own value, loaded under its own lease. So what the port promises of one key holds for each of the names, and when
/// all of them have been removed, nobody reads by any of them what was there before, and no load from before fills one.</para>
/// <para>While a removal is under way some of the names have what was there before, and others do not. A process sees the change when its
/// own name is removed; it sees the old value after the new one only if the key becomes hot, or ceases to be, for it in that moment. The process
/// that removes does not see the old value from the beginning of the removal on (<see cref="Removals"/>).</para>
/// <para>Names lie in different slots: <c>0xFF</c>, a digit, and the key. The first byte is no key's own. Digits differ in three
/// bits; a check sum is linear, so whether two names share a slot depends only on which of these bits differ and how many bytes follow up to the
/// slot's part's end; for the CRC of Redis' slots it is so for no number up to the longest key (<c>KeyCopiesTests</c> tries all).</para>
/// <para>Rejected: to put copies in from one key, which spares loads but needs its removal to have ended before that of the copies begins, and so
/// twice the time for each; and to note in the value that there are copies, which each reader would have to ask for first. Safe for concurrent use.</para>
/// </remarks>
internal sealed class KeyCopies
{
    /// <summary>How many there are at most.</summary>
    public const int Most = 8;

    /// <summary>How many bytes a copy's name has more than its key.</summary>
    public const int NameBytes = 2;

    private const byte Mark = 0xFF;

    private readonly HotReads _reads;
    private readonly int _count;
    private readonly ulong _seed;
    private readonly byte _own;

    /// <param name="count">How many copies there are, 2 to <see cref="Most"/>: the same in all processes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">What the process' own copy is drawn by.</param>
    public KeyCopies(int count, TimeProvider time, Random random)
    {
        (_count, _seed, _reads) = (count, (ulong)random.NextInt64(), new HotReads(time));
        _own = Digit(random.Next(count));
    }

    /// <summary>Counts a read that nothing near has answered.</summary>
    public void Add(ReadOnlySpan<byte> key) => _reads.Add(HashOf(key));

    /// <summary>The name by which a key is read now.</summary>
    /// <param name="key">The key.</param>
    /// <param name="room">Where the name is written, if it is not the key itself: longer by <see cref="NameBytes"/>.</param>
    public ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> key, Span<byte> room)
    {
        CheckKey(key);
        if (!_reads.Has(HashOf(key)))
            return key;
        Write(_own, key, room);
        return room[..(NameBytes + key.Length)];
    }

    /// <summary>All names of a key, its own the first.</summary>
    public byte[][] NamesOf(byte[] key)
    {
        CheckKey(key);
        var names = new byte[1 + _count][];
        names[0] = key;
        for (var copy = 0; copy < _count; copy++)
            Write(Digit(copy), key, names[1 + copy] = new byte[NameBytes + key.Length]);
        return names;
    }

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key[0] == Mark || key.Length > CacheLimits.MaxKeyBytes - NameBytes)
            throw new ArgumentException("A key with copies does not begin with 0xFF, and leaves room for a copy's name.", nameof(key));
    }

    private static void Write(byte digit, ReadOnlySpan<byte> key, Span<byte> name)
    {
        (name[0], name[1]) = (Mark, digit);
        key.CopyTo(name[NameBytes..]);
    }

    private static byte Digit(int copy) => (byte)('0' + copy);

    // Nobody's is 0.
    private ulong HashOf(ReadOnlySpan<byte> key) => WyHash.Hash(key, _seed) | 1ul << 63;
}
