using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Groundwork.Primitives;

/// <summary>
/// A keyed bijection of the numbers [0, <see cref="Size"/>) onto themselves: numbers that were handed out one after the other
/// come out scattered, each exactly once, and whoever has the key can go back. Short codes come from a counter this way,
/// without a collision and without telling their neighbours.
/// </summary>
/// <remarks>
/// <para>The generalized Feistel network with cycle-walking of J. Black and P. Rogaway, "Ciphers with Arbitrary Finite
/// Domains" (CT-RSA 2002): a number is split into left + <c>a</c> · right with a = ⌈√N⌉ and b = ⌈N / a⌉; each round adds a
/// keyed function of one half to the other, modulo that half's size. This permutes [0, a · b); a result in [N, a · b) is
/// permuted again until it lies in the domain. As a · b &lt; N + a, a number takes fewer than 1 + a / N passes on average:
/// at most 2, and 1.000001 for N = 62⁷. No walk takes more than 1 + a · b − N passes, the numbers that lie outside.</para>
/// <para>The round function is SipHash-1-3 (Aumasson and Bernstein, 2012) of one word without the length block, which words
/// of a fixed length do not need. Eight rounds: four are the proven minimum for a strong permutation (Luby and Rackoff), the
/// rest is margin, which small domains want. A power-of-two network with balanced halves walks up to four passes; a coprime
/// multiplication is faster, but two known pairs give it away.</para>
/// <para>It scatters, it does not authenticate: every number in the domain is the image of some other. Immutable; safe for
/// concurrent use; allocates nothing after construction. The mapping is part of stored data and never changes for a key.</para>
/// </remarks>
public sealed class FeistelPermutation
{
    /// <summary>The largest domain.</summary>
    public const long MaxSize = 1L << 62;

    private const int Rounds = 8;

    private readonly ulong _leftSize;
    private readonly ulong _rightSize;
    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <summary>Derives the permutation of a domain from a key.</summary>
    /// <param name="size">How many numbers: 1 to 2⁶².</param>
    /// <param name="key">At least 16 bytes, random. The same key gives unrelated permutations for different sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public FeistelPermutation(long size, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        if (key.Length < 16)
            throw new ArgumentException("The key has at least 16 bytes.", nameof(key));

        Size = size;
        _leftSize = CeilingSqrt((ulong)size);
        _rightSize = ((ulong)size + _leftSize - 1) / _leftSize;

        Span<byte> label = stackalloc byte[24];
        "groundwork.feist"u8.CopyTo(label);
        BinaryPrimitives.WriteInt64LittleEndian(label[16..], size);
        Span<byte> derived = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, label, derived);
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(derived);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(derived[8..]);
    }

    /// <summary>How many numbers the domain has.</summary>
    public long Size { get; }

    /// <summary>Where a number goes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in the domain.</exception>
    public long Permute(long value)
    {
        ThrowIfOutside(value);
        var current = (ulong)value;
        do
        {
            current = Forwards(current);
        }
        while (current >= (ulong)Size);
        return (long)current;
    }

    /// <summary>Which number goes there: the inverse of <see cref="Permute"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in the domain.</exception>
    public long Invert(long value)
    {
        ThrowIfOutside(value);
        var current = (ulong)value;
        do
        {
            current = Backwards(current);
        }
        while (current >= (ulong)Size);
        return (long)current;
    }

    private ulong Forwards(ulong value)
    {
        var right = value / _leftSize;
        var left = value - (right * _leftSize);
        for (var round = 0; round < Rounds; round += 2)
        {
            left = Add(left, RoundFunction(round, right, _leftSize), _leftSize);
            right = Add(right, RoundFunction(round + 1, left, _rightSize), _rightSize);
        }

        return left + (right * _leftSize);
    }

    private ulong Backwards(ulong value)
    {
        var right = value / _leftSize;
        var left = value - (right * _leftSize);
        for (var round = Rounds - 2; round >= 0; round -= 2)
        {
            right = Subtract(right, RoundFunction(round + 1, left, _rightSize), _rightSize);
            left = Subtract(left, RoundFunction(round, right, _leftSize), _leftSize);
        }

        return left + (right * _leftSize);
    }

    private static ulong Add(ulong x, ulong y, ulong modulus)
    {
        var sum = x + y;
        return sum >= modulus ? sum - modulus : sum;
    }

    private static ulong Subtract(ulong x, ulong y, ulong modulus) => x >= y ? x - y : x + modulus - y;

    /// <summary>A keyed number in [0, <paramref name="modulus"/>): half a word (below 2³²) and its round, hashed and scaled.</summary>
    private ulong RoundFunction(int round, ulong half, ulong modulus)
    {
        var word = half | ((ulong)round << 32);
        var v0 = _key0 ^ 0x736f6d6570736575;
        var v1 = _key1 ^ 0x646f72616e646f6d;
        var v2 = _key0 ^ 0x6c7967656e657261;
        var v3 = _key1 ^ 0x7465646279746573 ^ word;

        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
        v2 ^= 0xff;
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        return Math.BigMul(v0 ^ v1 ^ v2 ^ v3, modulus, out _);
    }

    private static ulong CeilingSqrt(ulong value)
    {
        var root = (ulong)Math.Sqrt(value);
        while (root * root < value)
            root++;
        while ((root - 1) * (root - 1) >= value)
            root--;
        return root;
    }

    private void ThrowIfOutside(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Size);
    }
}
