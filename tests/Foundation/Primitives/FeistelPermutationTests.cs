using System.Numerics;
using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class FeistelPermutationTests
{
    private const long Codes = 3_521_614_606_208; // 62⁷

    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] OtherKey = [.. Enumerable.Range(2, 32).Select(i => (byte)i)];
    private static readonly FeistelPermutation SevenCharacters = new(Codes, Key);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(62)]
    [InlineData(1000)]
    [InlineData(3844)]
    [InlineData(65_537)]
    [InlineData(238_328)]
    public void A_small_domain_is_permuted_onto_itself(int size)
    {
        var permutation = new FeistelPermutation(size, Key);
        var seen = new bool[size];
        for (var value = 0; value < size; value++)
        {
            var image = permutation.Permute(value);
            Assert.False(seen[image]);
            seen[image] = true;
            Assert.Equal(value, permutation.Invert(image));
        }
    }

    [Fact]
    public void Any_number_of_any_domain_stays_in_it_and_comes_back()
        => Gen.Select(Gen.Long[1, FeistelPermutation.MaxSize], Gen.Double[0, 1], Gen.Byte.Array[16, 64]).Sample((size, at, key) =>
        {
            var permutation = new FeistelPermutation(size, key);
            var value = Math.Min((long)(at * size), size - 1);
            var image = permutation.Permute(value);
            return image >= 0 && image < size && permutation.Invert(image) == value;
        });

    [Fact]
    public void Seven_characters_name_any_image_of_their_whole_domain()
        => Gen.Long[0, Codes - 1].Sample(value =>
        {
            var image = SevenCharacters.Permute(value);
            return image is >= 0 and < Codes && SevenCharacters.Invert(image) == value && Base62.Encode(image, 7).Length == 7;
        });

    [Fact]
    public void The_mapping_never_changes_because_stored_data_depends_on_it()
    {
        // Computed by another implementation of the same definition, in another language.
        Assert.Equal(2730488379803, SevenCharacters.Permute(0));
        Assert.Equal(990447715782, SevenCharacters.Permute(1));
        Assert.Equal(2827010518407, SevenCharacters.Permute(Codes - 1));
    }

    [Fact]
    public void Another_key_or_another_size_gives_an_unrelated_mapping()
    {
        var otherKey = new FeistelPermutation(Codes, OtherKey);
        var otherSize = new FeistelPermutation(Codes - 1, Key);
        for (var value = 0; value < 10_000; value++)
        {
            var image = SevenCharacters.Permute(value);
            Assert.NotEqual(image, otherKey.Permute(value));
            Assert.NotEqual(image, otherSize.Permute(value));
        }
    }

    [Fact]
    public void Neighbours_land_without_regard_to_one_another()
    {
        // Images of 0, 1, 2, … as if drawn at random: correlation of successive images near zero, distances between them on
        // average a third of the domain (the mean distance of two uniform draws), every 64th of the domain equally full.
        const int Count = 100_000;
        var images = Enumerable.Range(0, Count).Select(i => SevenCharacters.Permute(i) / (double)Codes).ToArray();
        var pairs = images.Zip(images.Skip(1)).ToArray();

        Assert.InRange(pairs.Average(p => (p.First - 0.5) * (p.Second - 0.5)) * 12, -0.02, 0.02);
        Assert.InRange(pairs.Average(p => Math.Abs(p.First - p.Second)), 0.323, 0.343);
        Assert.InRange(images.Average(), 0.49, 0.51);

        var expected = Count / 64.0;
        var chiSquared = images.GroupBy(x => (int)(x * 64)).Sum(g => Math.Pow(g.Count() - expected, 2) / expected);
        Assert.InRange(chiSquared, 30, 110); // 63 degrees of freedom: outside once in 3,000 random keys, and this key is fixed
    }

    [Fact]
    public void One_changed_bit_changes_half_of_the_image()
    {
        var permutation = new FeistelPermutation(1L << 62, Key);
        var flipped = Gen.Select(Gen.Long[0, (1L << 62) - 1], Gen.Int[0, 61]);
        var total = 0;
        flipped.Sample(
            (value, bit) => { total += BitOperations.PopCount((ulong)(permutation.Permute(value) ^ permutation.Permute(value ^ (1L << bit)))); },
            iter: 2000, threads: 1, seed: "0000KOIPe036");
        Assert.InRange(total / 2000.0, 30, 32);
    }

    [Fact]
    public void Numbers_outside_the_domain_and_short_keys_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SevenCharacters.Permute(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SevenCharacters.Invert(Codes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(0, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeistelPermutation(FeistelPermutation.MaxSize + 1, Key));
        Assert.Throws<ArgumentException>(() => new FeistelPermutation(Codes, Key.AsSpan(0, 15)));
    }
}
