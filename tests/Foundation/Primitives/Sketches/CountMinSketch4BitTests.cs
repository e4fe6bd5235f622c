using CsCheck;
using Groundwork.Primitives.Sketches;
using Groundwork.Testing;

namespace Groundwork.Primitives.Tests.Sketches;

public sealed class CountMinSketch4BitTests
{
    [Fact]
    public void A_key_is_counted_up_to_fifteen()
    {
        var sketch = new CountMinSketch4Bit(1_000);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Math.Min(i, 15), sketch.Estimate(Hash(1)));
            sketch.Increment(Hash(1));
        }

        Assert.Equal(0, sketch.Estimate(Hash(2)));
        sketch.Clear();
        Assert.Equal(0, sketch.Estimate(Hash(1)));
    }

    [Fact]
    public void An_estimate_is_never_too_low()
        => Gen.Select(Gen.Int[1, 200], Gen.ULong.Array[1, 50], Gen.Int[0, 49].Array[0, 500]).Sample((capacity, hashes, keys) =>
        {
            var sketch = new CountMinSketch4Bit(capacity, 1_000);
            var counts = new int[hashes.Length];
            foreach (var key in keys.Select(k => k % hashes.Length))
            {
                sketch.Increment(hashes[key]);
                counts[key]++;
            }

            for (var key = 0; key < hashes.Length; key++)
                Assert.InRange(sketch.Estimate(hashes[key]), Math.Min(counts[key], 15), 15);
        });

    [Fact]
    public void A_halving_is_seen_at_once_and_everywhere_though_it_is_worked_off_little_by_little()
        => Gen.Select(Gen.Int[1, 4_000], Gen.Int).Sample((capacity, seed) =>
        {
            var random = new Random(seed);
            var sketch = new CountMinSketch4Bit(capacity, 20_000);
            var hashes = Enumerable.Range(0, 200).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)).ToArray();
            for (var i = 0; i < 19_999; i++)
                sketch.Increment(hashes[random.Next(random.Next(1, hashes.Length))]);
            var before = Array.ConvertAll(hashes, sketch.Estimate);
            sketch.Increment(hashes[0]);
            var after = Array.ConvertAll(hashes, sketch.Estimate);
            Assert.Equal(15, before[0]);
            Assert.Equal(before.Select(count => count / 2), after);

            // The end of it changes nothing more.
            for (var i = 0; i < (capacity / 8 / 64) + 1; i++)
                sketch.Increment(hashes[0]);
            for (var i = 1; i < hashes.Length; i++)
                Assert.InRange(sketch.Estimate(hashes[i]), after[i], Math.Max(after[i], sketch.Estimate(hashes[0])));
            Assert.InRange(sketch.Estimate(hashes[0]), 7, 15);
        }, iter: 20);

    [Fact]
    public void The_second_halving_comes_after_half_a_sample()
    {
        var sketch = new CountMinSketch4Bit(10, 100);
        Add(sketch, 1, 12);
        Add(sketch, 2, 87);
        Assert.Equal(12, sketch.Estimate(Hash(1)));
        Add(sketch, 2, 1);
        Assert.Equal(6, sketch.Estimate(Hash(1)));
        Add(sketch, 2, 49);
        Assert.Equal(6, sketch.Estimate(Hash(1)));
        Add(sketch, 2, 1);
        Assert.Equal(3, sketch.Estimate(Hash(1)));
    }

    [Fact]
    public void A_reset_halves_all_counts()
    {
        var sketch = new CountMinSketch4Bit(10_000);
        for (var key = 0; key < 15; key++)
            Add(sketch, key, key);
        sketch.Reset();
        for (var key = 0; key < 15; key++)
            Assert.Equal(key / 2, sketch.Estimate(Hash(key)));
        sketch.Reset();
        Assert.Equal(3, sketch.Estimate(Hash(14)));
    }

    [Fact]
    public void A_reset_while_a_halving_is_under_way_is_one_more()
    {
        var sketch = new CountMinSketch4Bit(1 << 16, 1 << 17);
        Add(sketch, 1, 12);
        Add(sketch, 2, (1 << 17) - 12);
        Assert.Equal(6, sketch.Estimate(Hash(1)));
        sketch.Reset();
        Assert.Equal(3, sketch.Estimate(Hash(1)));
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.9)]
    [InlineData(1.1)]
    public void Estimates_of_a_cache_that_is_full_are_near_the_counts(double skew)
    {
        // Ten accesses for each key of the capacity, over ten times as many keys: what TinyLFU looks at between two halvings.
        const int Capacity = 10_000;
        var sketch = new CountMinSketch4Bit(Capacity);
        var (zipf, random) = (new ZipfDistribution(10 * Capacity, skew), new Random(1));
        var counts = new int[(10 * Capacity) + 1];
        for (var i = 0; i < (10 * Capacity) - 1; i++)
        {
            var rank = zipf.Next(random);
            counts[rank]++;
            sketch.Increment(Hash((int)rank));
        }

        var errors = Enumerable.Range(1, 10 * Capacity).Select(rank => sketch.Estimate(Hash(rank)) - Math.Min(15, counts[rank])).ToList();
        Assert.DoesNotContain(errors, e => e < 0);
        Assert.InRange(errors.Average(), 0, 1);
        Assert.InRange(errors.Count(e => e > 2), 0, Capacity / 2);
    }

    [Fact]
    public void What_is_popular_now_is_above_what_was_popular_once()
    {
        var sketch = new CountMinSketch4Bit(1_000);
        for (var round = 0; round < 15; round++)
            AddEach(sketch, 0, 100);
        for (var round = 0; round < 15; round++)
            AddEach(sketch, 100, 2_000);
        var old = Enumerable.Range(0, 100).Average(key => sketch.Estimate(Hash(key)));
        var now = Enumerable.Range(100, 2_000).Average(key => sketch.Estimate(Hash(key)));
        Assert.InRange(old, 0, now / 1.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void It_takes_8_bytes_for_each_key(int capacity) =>
        Assert.InRange(new CountMinSketch4Bit(capacity).MemoryBytes, 8 * capacity, (8 * capacity) + 127);

    [Fact]
    public void Calls_allocate_nothing()
    {
        var sketch = new CountMinSketch4Bit(1_000);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var i = 0; i < 20_000; i++)
                sketch.Increment(Hash(i));
            _ = sketch.Estimate(Hash(1));
        }));
    }

    [Fact]
    public void What_is_no_capacity_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CountMinSketch4Bit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CountMinSketch4Bit(CountMinSketch4Bit.MaxCapacity + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CountMinSketch4Bit(100, 99));
    }

    private static void Add(CountMinSketch4Bit sketch, int key, int times)
    {
        for (var i = 0; i < times; i++)
            sketch.Increment(Hash(key));
    }

    private static void AddEach(CountMinSketch4Bit sketch, int first, int count)
    {
        for (var key = first; key < first + count; key++)
            sketch.Increment(Hash(key));
    }

    private static ulong Hash(int key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, key);
        return SipHash.Hash(1, 2, bytes);
    }
}
