using System.Text;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Tests.Hashing;

public sealed class WyHashTests
{
    // The author's own (wangyi-fudan/wyhash, test_vector.cpp of version 4.2); the seed is the number of the row.
    [Theory]
    [InlineData("", 0, 0x93228a4de0eec5a2)]
    [InlineData("a", 1, 0xc5bac3db178713c4)]
    [InlineData("abc", 2, 0xa97f2f7b1d9b3314)]
    [InlineData("message digest", 3, 0x786d1f1df3801df4)]
    [InlineData("abcdefghijklmnopqrstuvwxyz", 4, 0xdca5a8138ad37c87)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 5, 0xb9e734f117cfaf70)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", 6, 0x6cc5eab49a92d617)]
    public void The_authors_vectors_hold(string text, ulong seed, ulong hash) =>
        Assert.Equal(hash, WyHash.Hash(Encoding.ASCII.GetBytes(text), seed));

    [Fact]
    public void Every_bit_of_the_input_moves_about_half_of_the_output()
    {
        var random = new Random(7);
        foreach (var length in (int[])[1, 3, 4, 8, 15, 16, 17, 31, 48, 49, 100])
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var before = WyHash.Hash(bytes, 1);
            var flipped = 0;
            for (var bit = 0; bit < length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                flipped += System.Numerics.BitOperations.PopCount(before ^ WyHash.Hash(bytes, 1));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.InRange(flipped / (length * 8.0), 26, 38);
        }
    }
}
