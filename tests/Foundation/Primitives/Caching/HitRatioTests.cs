using Groundwork.Primitives.Caching;

namespace Groundwork.Primitives.Tests.Caching;

/// <summary>How often the cache has what it is asked for, beside a plain LRU of the same number of entries.</summary>
public sealed class HitRatioTests
{
    private const int Keys = 10_000;
    private const int Entries = Keys / 10;
    private const int EntryBytes = 1_000;
    private const int Reads = 300_000;

    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(0.9, 2)]
    [InlineData(1.1, 3)]
    public void Of_keys_asked_for_by_Zipfs_law_it_has_no_fewer_than_an_LRU(double skew, int seed)
    {
        var reads = Zipf(skew, seed).ToArray();
        Assert.InRange(Ours(reads), Lru(reads) - 0.01, 1);
    }

    [Fact]
    public void With_a_scan_in_between_it_has_clearly_more_than_an_LRU()
    {
        // Every 20,000 reads someone walks over three times as many cold keys as the cache holds.
        var reads = Zipf(0.9, 4).Chunk(20_000)
            .SelectMany((chunk, round) => chunk.Concat(Enumerable.Range(Keys + (round * 3 * Entries), 3 * Entries))).ToArray();
        Assert.InRange(Ours(reads), Lru(reads) + 0.03, 1);
    }

    [Fact]
    public void A_scan_that_is_many_times_larger_leaves_what_is_hot()
    {
        var cache = Cache();
        for (var round = 0; round < 3; round++)
        {
            for (var key = 0; key < Entries / 2; key++)
                Read(cache, key);
        }

        for (var key = Keys; key < Keys + (20 * Entries); key++)
            Read(cache, key);
        var hot = Enumerable.Range(0, Entries / 2).Count(key => cache.TryGet(key, out _));
        Assert.InRange(hot, Entries / 2 * 0.95, Entries / 2);
    }

    [Fact]
    public void What_comes_again_soon_after_it_left_is_kept_longer_than_what_is_new()
    {
        var cache = Cache();
        for (var key = 0; key < 2 * Entries; key++)
            Read(cache, key);
        var left = Enumerable.Range(Entries - 100, 100).ToList();
        Assert.DoesNotContain(left, key => cache.TryGet(key, out _));
        left.ForEach(key => Read(cache, key));
        for (var key = Keys; key < Keys + (2 * Entries); key++)
            Read(cache, key);

        // Some were forgotten, since another key took their place among the left.
        Assert.InRange(left.Count(key => cache.TryGet(key, out _)), 80, 100);
        Assert.DoesNotContain(Enumerable.Range(Keys, 100), key => cache.TryGet(key, out _));
    }

    [Fact]
    public void When_what_is_hot_changes_the_new_takes_the_place_of_the_old()
    {
        var cache = Cache();
        for (var round = 0; round < 10; round++)
        {
            for (var key = 0; key < Entries; key++)
                Read(cache, key);
        }

        for (var round = 0; round < 10; round++)
        {
            for (var key = Keys; key < Keys + (Entries / 2); key++)
                Read(cache, key);
        }

        Assert.Equal(Entries / 2, Enumerable.Range(Keys, Entries / 2).Count(key => cache.TryGet(key, out _)));
    }

    private static double Ours(IEnumerable<int> reads)
    {
        var cache = Cache();
        return reads.Average(key => Read(cache, key) ? 1.0 : 0.0);
    }

    private static bool Read(S3FifoCache<int, int> cache, int key) =>
        cache.TryGet(key, out _) || !cache.Set(key, key, EntryBytes - S3FifoCache<int, int>.EntryOverhead);

    private static S3FifoCache<int, int> Cache()
    {
        // What the left keys take comes on top, so that both hold the same number of entries.
        var left = new S3FifoCache<int, int>(Entries * EntryBytes).Bytes;
        return new S3FifoCache<int, int>((Entries * EntryBytes) + left);
    }

    private static double Lru(IEnumerable<int> reads)
    {
        var (order, places) = (new LinkedList<int>(), new Dictionary<int, LinkedListNode<int>>());
        return reads.Average(key =>
        {
            if (places.TryGetValue(key, out var place))
            {
                order.Remove(place);
                order.AddFirst(place);
                return 1.0;
            }

            if (places.Count == Entries)
            {
                places.Remove(order.Last!.Value);
                order.RemoveLast();
            }

            places[key] = order.AddFirst(key);
            return 0.0;
        });
    }

    private static IEnumerable<int> Zipf(double skew, int seed)
    {
        var random = new Random(seed);
        var sum = 0.0;
        var cumulative = Enumerable.Range(1, Keys).Select(rank => sum += Math.Pow(rank, -skew)).ToArray();
        for (var i = 0; i < Reads; i++)
        {
            var found = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            yield return Math.Min(found < 0 ? ~found : found, Keys - 1);
        }
    }
}
