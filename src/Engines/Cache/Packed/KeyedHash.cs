using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Packed;

/// <summary>
/// SipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, 2012, with the rounds that hash tables make do with): 64 bits of any bytes under
/// a key, in one piece or several.
/// </summary>
/// <remarks>
/// SipHash-2-4 of Primitives has twice the rounds: for hashes that are shown. Those of a table never leave it. The state is kept
/// in locals while bytes are taken in: in fields each step of a round would wait for memory. Allocates nothing.
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
    public static ulong Of(HashKey key, ReadOnlySpan<byte> bytes) => new KeyedHash(key).Finish(bytes);

    /// <summary>The hash of a number: that of its eight bytes.</summary>
    public static ulong Of(HashKey key, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Of(key, bytes);
    }

    /// <summary>Takes in a piece; its length must be a multiple of eight.</summary>
    public void Add(ReadOnlySpan<byte> words)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        _length += (ulong)words.Length;
        for (; words.Length >= sizeof(ulong); words = words[sizeof(ulong)..])
            Word(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(words));
        (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
    }

    /// <summary>Takes in the last piece, of any length, and gives the hash of all.</summary>
    public readonly ulong Finish(ReadOnlySpan<byte> bytes)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        var last = (_length + (ulong)bytes.Length) << 56;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            Word(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        for (var i = 0; i < bytes.Length; i++)
            last |= (ulong)bytes[i] << (8 * i);
        Word(ref v0, ref v1, ref v2, ref v3, last);
        v2 ^= 0xff;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Word(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
