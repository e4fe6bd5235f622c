using System.Buffers;
using CsCheck;

namespace Groundwork.Primitives.Tests;

public sealed class HyperLogLogTests
{
    private const double StandardError = 0.016;

    // One draw is not outside of four standard errors but once in 16,000; the seeds are fixed.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(4_096)]
    [InlineData(10_000)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    public void An_estimate_errs_by_1_6_percent_and_not_to_one_side(int distinct)
    {
        const int Runs = 40;
        var errors = Enumerable.Range(0, Runs).Select(seed => (Of(new Random(seed), distinct).Estimate() - distinct) / (double)distinct).ToList();
        Assert.All(errors, e => Assert.InRange(e, -4 * StandardError, 4 * StandardError));
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0, 1.35 * StandardError);
        Assert.InRange(errors.Average(), -4 * StandardError / Math.Sqrt(Runs), 4 * StandardError / Math.Sqrt(Runs));
    }

    [Fact]
    public void A_million_is_estimated_within_its_error()
    {
        for (var seed = 0; seed < 4; seed++)
            Assert.InRange(Of(new Random(seed), 1_000_000).Estimate(), 1_000_000 * (1 - (4 * StandardError)), 1_000_000 * (1 + (4 * StandardError)));
    }

    [Fact]
    public void Nothing_is_estimated_as_nothing_and_a_thing_seen_again_counts_once()
    {
        var sketch = new HyperLogLog();
        Assert.True(sketch.IsEmpty);
        Assert.Equal(0, sketch.Estimate());
        for (var i = 0; i < 1_000; i++)
            sketch.Add(0);
        Assert.False(sketch.IsEmpty);
        Assert.Equal(1, sketch.Estimate());
    }

    [Fact]
    public void Even_hashes_that_are_all_but_zero_are_counted()
    {
        var sketch = new HyperLogLog();
        for (var index = 0UL; index < 4_096; index++)
            sketch.Add(index << 52); // the highest rank in every register
        Assert.Equal(long.MaxValue, sketch.Estimate());
        Assert.Equal(sketch.Estimate(), RoundTrip(sketch).Estimate());
    }

    [Fact]
    public void The_union_of_two_is_the_sketch_of_the_union()
        => Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 3_000], Gen.Int).Sample((left, right, seed) =>
        {
            var (random, a, b, both) = (new Random(seed), new HyperLogLog(), new HyperLogLog(), new HyperLogLog());
            for (var i = 0; i < left + right; i++)
            {
                var hash = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
                (i < left ? a : b).Add(hash);
                both.Add(hash);
            }

            a.Merge(b);
            return Bytes(a).SequenceEqual(Bytes(both)) && a.Estimate() == both.Estimate();
        }, iter: 200);

    [Fact]
    public void Merging_with_itself_or_with_nothing_changes_nothing()
    {
        foreach (var distinct in (int[])[1, 64, 65, 5_000])
        {
            var sketch = Of(new Random(1), distinct);
            var before = Bytes(sketch);
            sketch.Merge(sketch);
            sketch.Merge(new HyperLogLog());
            Assert.Equal(before, Bytes(sketch));
        }
    }

    [Fact]
    public void What_is_written_is_read_again_whatever_the_form()
    {
        // Register by register: over the changes from list to registers in memory (64), and from list to packed when written.
        var sketch = new HyperLogLog();
        var lengths = new List<int>();
        for (var index = 0UL; index < 4_096; index++)
        {
            sketch.Add((index << 52) | (1UL << (int)(index % 52)));
            if (index is not (< 70 or (> 1_000 and < 1_040) or 4_095))
                continue;
            var bytes = Bytes(sketch);
            Assert.Equal(bytes, Bytes(RoundTrip(sketch)));
            lengths.Add(bytes.Length);
        }

        Assert.Equal(lengths.Order(), lengths);
        Assert.Equal(6, lengths[0]); // one thing
        Assert.Equal(HyperLogLog.MaxBytes, lengths[^1]);
        Assert.Equal(3_073, HyperLogLog.MaxBytes);
    }

    [Fact]
    public void The_same_things_are_written_the_same_in_any_order()
    {
        var hashes = Hashes(new Random(5), 50).ToArray();
        var (forward, backward) = (new HyperLogLog(), new HyperLogLog());
        foreach (var hash in hashes)
            forward.Add(hash);
        foreach (var hash in hashes.Reverse())
            backward.Add(hash);
        Assert.Equal(Bytes(forward), Bytes(backward));
    }

    [Fact]
    public void It_takes_little_memory_while_it_has_seen_little_and_never_more_than_its_registers()
    {
        Assert.InRange(new HyperLogLog().MemoryBytes, 0, 128);
        Assert.InRange(Of(new Random(1), 64).MemoryBytes, 256, 512);
        Assert.InRange(Of(new Random(1), 100_000).MemoryBytes, 4_096, 4_300);
    }

    [Fact]
    public void Bytes_of_others_that_follow_are_left_alone()
    {
        foreach (var distinct in (int[])[0, 3, 5_000])
        {
            var bytes = Bytes(Of(new Random(2), distinct));
            Assert.Equal(bytes.Length, new HyperLogLog().MergeFrom([.. bytes, 1, 2, 3]));
        }
    }

    [Fact]
    public void What_is_cut_short_or_no_sketch_is_refused()
    {
        foreach (var distinct in (int[])[0, 3, 5_000])
        {
            var bytes = Bytes(Of(new Random(3), distinct));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Equal(-1, new HyperLogLog().MergeFrom(bytes.AsSpan(0, length)));
            foreach (var form in Enumerable.Range(0, 256).Except([1, 2]))
                Assert.Equal(-1, new HyperLogLog().MergeFrom([(byte)form, .. bytes.AsSpan(1)]));
        }

        Assert.Equal(-1, new HyperLogLog().MergeFrom([1, 1, 0, 0, 0, 0])); // a rank of 0
        Assert.Equal(-1, new HyperLogLog().MergeFrom([1, 1, 0, 54, 0, 0])); // a rank past the highest
        Assert.Equal(-1, new HyperLogLog().MergeFrom([1, 1, 0, 1, 0, 4])); // register 4,096 of 4,096
        Assert.Equal(-1, new HyperLogLog().MergeFrom([1, 0, 4, .. new byte[3 * 1_024]])); // a list longer than the registers
        Assert.Equal(-1, new HyperLogLog().MergeFrom([2, 54, .. new byte[3_071]])); // a packed rank past the highest
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_are_another_sketch_but_never_more()
        => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4_000], Gen.Int).Sample((changes, distinct, seed) =>
        {
            var random = new Random(seed);
            var bytes = Bytes(Of(random, distinct));
            for (var i = 0; i <= changes; i++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var sketch = new HyperLogLog();
            var read = sketch.MergeFrom(bytes);
            return (read == -1 || (read >= 3 && read <= bytes.Length))
                && Bytes(sketch).Length <= HyperLogLog.MaxBytes && Bytes(RoundTrip(sketch)).SequenceEqual(Bytes(sketch)) && sketch.Estimate() >= 0;
        }, iter: 300);

    private static IEnumerable<ulong> Hashes(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue));

    private static HyperLogLog Of(Random random, int distinct)
    {
        var sketch = new HyperLogLog();
        foreach (var hash in Hashes(random, distinct))
            sketch.Add(hash);
        return sketch;
    }

    private static byte[] Bytes(HyperLogLog sketch)
    {
        var output = new ArrayBufferWriter<byte>();
        sketch.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private static HyperLogLog RoundTrip(HyperLogLog sketch)
    {
        var read = new HyperLogLog();
        var bytes = Bytes(sketch);
        Assert.Equal(bytes.Length, read.MergeFrom(bytes));
        return read;
    }
}
