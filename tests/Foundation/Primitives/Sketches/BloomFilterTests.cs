using CsCheck;
using Groundwork.Primitives.Sketches;
using Groundwork.Testing;

namespace Groundwork.Primitives.Tests.Sketches;

public sealed class BloomFilterTests
{
    [Fact]
    public void What_was_added_is_always_found()
        => Gen.Select(Gen.Int[1, 500], Gen.Double[0.00001, 0.5], Gen.ULong.Array[0, 1_000]).Sample((capacity, rate, hashes) =>
        {
            var filter = new BloomFilter(capacity, rate);
            foreach (var hash in hashes)
                filter.Add(hash);
            return hashes.All(filter.MayContain);
        });

    [Fact]
    public void Adding_says_whether_a_key_is_new()
    {
        var filter = new BloomFilter(1_000);
        Assert.False(filter.MayContain(7));
        Assert.True(filter.Add(7));
        Assert.False(filter.Add(7));
        Assert.True(filter.MayContain(7));
        filter.Clear();
        Assert.False(filter.MayContain(7));
        Assert.True(filter.Add(7));
    }

    [Fact]
    public void Adding_says_new_exactly_where_the_key_was_not_found_before()
        => Gen.ULong.Array[0, 500].Sample(hashes =>
        {
            var filter = new BloomFilter(50, 0.1);
            return hashes.All(hash => filter.MayContain(hash) != filter.Add(hash));
        });

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.0001)]
    [InlineData(0.00001)]
    public void The_rate_of_false_positives_is_that_of_the_theory(double rate)
    {
        // Half full, full, and half as much again.
        const int Capacity = 100_000;
        const int Probes = 1_000_000;
        var (filter, random, added) = (new BloomFilter(Capacity, rate), new Random(1), 0);
        Assert.InRange(filter.FalsePositiveRateAt(Capacity), 0.98 * rate, rate);
        foreach (var keys in (int[])[Capacity / 2, Capacity, Capacity * 3 / 2])
        {
            for (; added < keys; added++)
                filter.Add(Next(random));
            var found = 0;
            for (var i = 0; i < Probes; i++)
                found += filter.MayContain(Next(random)) ? 1 : 0;

            // Four standard deviations of a binomial, and 5%, since keys in one block share bits.
            var expected = filter.FalsePositiveRateAt(keys) * Probes;
            Assert.InRange(found, (0.95 * expected) - (4 * Math.Sqrt(expected)) - 1, (1.05 * expected) + (4 * Math.Sqrt(expected)) + 1);
        }
    }

    // In bits a key; the filter of 1970 needs log₂(1/rate) / ln 2 of them.
    [Theory]
    [InlineData(0.1, 4.8, 5.1)]
    [InlineData(0.01, 9.6, 10.8)]
    [InlineData(0.0001, 19.2, 26)]
    [InlineData(0.00001, 24, 37)]
    public void It_takes_little_more_than_a_filter_that_is_not_blocked(double rate, double classic, double bits)
    {
        const int Capacity = 1_000_000;
        Assert.InRange(new BloomFilter(Capacity, rate).MemoryBytes * 8.0 / Capacity, classic, bits);
    }

    [Fact]
    public void The_rate_grows_from_none_to_all()
    {
        var filter = new BloomFilter(100);
        Assert.Equal(0, filter.FalsePositiveRateAt(0));
        var rates = Enumerable.Range(0, 100).Select(i => filter.FalsePositiveRateAt(100 * i)).ToList();
        Assert.Equal(rates.Order(), rates);
        Assert.Equal(1, filter.FalsePositiveRateAt(1L << 40));
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        var filter = new BloomFilter(1_000, 0.0001);
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var i = 0UL; i < 1_000; i++)
            {
                filter.Add(i << 50);
                filter.MayContain(i << 50);
            }
        }));
    }

    [Fact]
    public void What_is_no_filter_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(BloomFilter.MaxCapacity + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(1, 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilter(1).FalsePositiveRateAt(-1));
    }

    private static ulong Next(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
}
