using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Packed;

/// <summary>
/// SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, 2012, with the rounds that hash tables make do with): 64 bits of any bytes under
/// a key, word by word, so that bytes in several pieces need not be put together.
/// </summary>
/// <remarks>
/// SipHash-2-4 of Primitives costs twice as much for keys of 16 bytes, and what it has more is not needed where hashes are
/// never shown. Allocates nothing.
/// </remarks>
internal ref struct KeyedHash
{
    private ulong _v0, _v1, _v2, _v3;
    private ulong _length;

    public KeyedHash(HashKey key)
    {
        _v0 = key.Low ^ 0x736f6d6570736575UL;
        _v1 = key.High ^ 0x646f72616e646f6dUL;
        _v2 = key.Low ^ 0x6c7967656e657261UL;
        _v3 = key.High ^ 0x7465646279746573UL;
    }

    /// <summary>The hash of some bytes.</summary>
    public static ulong Of(HashKey key, ReadOnlySpan<byte> bytes)
    {
        var hash = new KeyedHash(key);
        return hash.Finish(bytes);
    }

    /// <summary>The hash of a number: that of its eight bytes.</summary>
    public static ulong Of(HashKey key, long number)
    {
        var hash = new KeyedHash(key) { _length = sizeof(long) };
        hash.Word((ulong)number);
        return hash.Finish([]);
    }

    /// <summary>Takes in a piece; its length must be a multiple of eight.</summary>
    public void Add(ReadOnlySpan<byte> words)
    {
        _length += (ulong)words.Length;
        for (; words.Length >= sizeof(ulong); words = words[sizeof(ulong)..])
            Word(BinaryPrimitives.ReadUInt64LittleEndian(words));
    }

    /// <summary>Takes in the last piece, of any length, and gives the hash of all.</summary>
    public ulong Finish(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.Length & ~7;
        Add(bytes[..whole]);
        var rest = bytes[whole..];
        var last = (_length + (ulong)rest.Length) << 56;
        for (var i = 0; i < rest.Length; i++)
            last |= (ulong)rest[i] << (8 * i);
        Word(last);
        _v2 ^= 0xff;
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Word(ulong word)
    {
        _v3 ^= word;
        Round();
        _v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
