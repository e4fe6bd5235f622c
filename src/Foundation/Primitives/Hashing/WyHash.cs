using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Groundwork.Primitives.Hashing;

/// <summary>
/// A fast 64-bit hash of bytes under a seed: two multiplications of 64 by 64 bits for a key of up to 16 bytes.
/// </summary>
/// <remarks>
/// wyhash, final version 4.2 (Wang Yi, "wyhash", github.com/wangyi-fudan/wyhash). For tables in memory whose seed nobody outside
/// learns; not for what a stranger must be unable to forge (<see cref="SipHash"/>), and not to be stored where two versions of the
/// program must agree. Reads bytes in little-endian order on every machine.
/// </remarks>
public static class WyHash
{
    private const ulong Secret0 = 0x2d358dccaa6c78a5;
    private const ulong Secret1 = 0x8bb84b93962eacc9;
    private const ulong Secret2 = 0x4b33a62ed433d4a3;
    private const ulong Secret3 = 0x4d5a2da51de1aa47;

    /// <summary>The hash of <paramref name="bytes"/> under <paramref name="seed"/>.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var length = (ulong)bytes.Length;
        seed ^= Mix(seed ^ Secret0, Secret1);
        ulong a, b;
        if (bytes.Length > 16)
        {
            (a, b, seed) = Absorb(bytes, seed);
        }
        else if (bytes.Length >= 4)
        {
            var inner = (bytes.Length >> 3) << 2;
            a = ((ulong)Read4(bytes) << 32) | Read4(bytes[inner..]);
            b = ((ulong)Read4(bytes[^4..]) << 32) | Read4(bytes[(bytes.Length - 4 - inner)..]);
        }
        else
        {
            a = bytes.IsEmpty ? 0 : ((ulong)bytes[0] << 16) | ((ulong)bytes[bytes.Length >> 1] << 8) | bytes[^1];
            b = 0;
        }

        a ^= Secret1;
        b ^= seed;
        var high = Math.BigMul(a, b, out var low);
        return Mix(low ^ Secret0 ^ length, high ^ Secret1);
    }

    private static (ulong A, ulong B, ulong Seed) Absorb(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var rest = bytes;
        if (rest.Length >= 48)
        {
            var (second, third) = (seed, seed);
            do
            {
                seed = Mix(Read8(rest) ^ Secret1, Read8(rest[8..]) ^ seed);
                second = Mix(Read8(rest[16..]) ^ Secret2, Read8(rest[24..]) ^ second);
                third = Mix(Read8(rest[32..]) ^ Secret3, Read8(rest[40..]) ^ third);
                rest = rest[48..];
            }
            while (rest.Length >= 48);
            seed ^= second ^ third;
        }

        while (rest.Length > 16)
        {
            seed = Mix(Read8(rest) ^ Secret1, Read8(rest[8..]) ^ seed);
            rest = rest[16..];
        }

        // The last 16 bytes, some of which may have been taken before.
        return (Read8(bytes[^16..]), Read8(bytes[^8..]), seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;

    private static uint Read4(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong Read8(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
