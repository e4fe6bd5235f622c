using CsCheck;
using Groundwork.Primitives.Caching;

namespace Groundwork.Primitives.Tests.Caching;

public sealed class S3FifoCacheTests
{
    private const int Smallest = 64 << 10;

    [Fact]
    public void What_was_put_in_is_found_until_it_is_taken_out()
    {
        var cache = new S3FifoCache<string, string>(Smallest);
        Assert.False(cache.TryGet("a", out _));
        Assert.True(cache.Set("a", "1", 2));
        Assert.True(cache.Set("a", "2", 2));
        Assert.True(cache.Set("b", "3", 2));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal("2", value);
        Assert.Equal(2, cache.Count);
        Assert.True(cache.Remove("a"));
        Assert.False(cache.Remove("a"));
        Assert.False(cache.TryGet("a", out _));
        cache.Clear();
        Assert.False(cache.TryGet("b", out _));
        Assert.Equal(0, cache.Count);
        Assert.Equal(new S3FifoCache<string, string>(Smallest).Bytes, cache.Bytes);
        Assert.Equal(0, cache.Evictions);
    }

    [Fact]
    public void It_is_full_of_entries_when_it_is_full_and_each_that_leaves_is_counted()
    {
        var cache = new S3FifoCache<int, int>(1 << 20);
        for (var key = 0; key < 20_000; key++)
            Assert.True(cache.Set(key, key, 0));
        Assert.Equal(20_000, cache.Count + cache.Evictions);
        Assert.InRange(cache.Bytes, cache.MaxBytes - S3FifoCache<int, int>.EntryOverhead, cache.MaxBytes);
    }

    [Fact]
    public void What_is_larger_than_a_tenth_is_not_taken_and_its_old_entry_is_gone()
    {
        var cache = new S3FifoCache<int, string>(Smallest);
        cache.Set(1, "old", 0);
        cache.Set(2, "other", 0);
        Assert.False(cache.Set(1, "new", Smallest / 10));
        Assert.False(cache.Set(3, "huge", int.MaxValue));
        Assert.False(cache.TryGet(1, out _));
        Assert.True(cache.TryGet(2, out _));
        Assert.Equal(1, cache.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Set(1, "negative", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new S3FifoCache<int, int>(Smallest - 1));
    }

    [Fact]
    public void A_value_that_is_found_is_the_last_that_was_set_and_the_bound_holds_after_every_step()
        => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 60], Gen.Int[0, 9_000]).Array[0, 2_000].Sample(steps =>
        {
            var cache = new S3FifoCache<int, int>(Smallest);
            var model = new Dictionary<int, int>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (kind, key, size) = steps[i];
                if (kind < 5)
                    model[key] = cache.Set(key, i, size) ? i : -1;
                else if (kind == 5)
                    Assert.True(!cache.Remove(key) || model[key] >= 0);
                else if (cache.TryGet(key, out var value))
                    Assert.Equal(model[key], value);
                if (kind == 5)
                    model[key] = -1;
                if (kind == 9 && key == 0)
                    cache.Clear();
                Assert.InRange(cache.Bytes, 0, Smallest);
                if (kind < 5 && model[key] == i)
                    Assert.True(cache.TryGet(key, out var there) && there == i, "What was taken is there at first.");
            }
        }, iter: 100);

    [Fact]
    public void The_bound_holds_and_values_belong_to_their_keys_whatever_threads_do()
    {
        var cache = new S3FifoCache<int, string>(Smallest);
        var wrong = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 100_000; i++)
            {
                var key = random.Next(500);
                if (cache.TryGet(key, out var value) && value != Text(key))
                    Interlocked.Increment(ref wrong);
                if (i % 4 == 0)
                    cache.Set(key, Text(key), random.Next(1_000));
                if (i % 64 == 0)
                    cache.Remove(random.Next(500));
                if (i % 20_000 == 0)
                    cache.Clear();
                if (cache.Bytes > Smallest)
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(0, wrong);

        // What is counted is what is there: with all entries taken out nothing is left over.
        for (var key = 0; key < 500; key++)
            cache.Remove(key);
        Assert.Equal(0, cache.Count);
        Assert.Equal(new S3FifoCache<int, string>(Smallest).Bytes, cache.Bytes);

        static string Text(int key) => key.ToString(provider: null);
    }

    [Fact]
    public void An_entry_is_found_at_any_time_while_it_is_replaced()
    {
        var cache = new S3FifoCache<int, string>(Smallest);
        cache.Set(1, "there", 0);
        var replacing = new Thread(() =>
        {
            for (var i = 0; i < 200_000; i++)
                cache.Set(1, "there", i % 100);
        });
        replacing.Start();
        var missed = 0;
        while (replacing.IsAlive)
            missed += cache.TryGet(1, out _) ? 0 : 1;
        Assert.Equal(0, missed);
    }

    [Fact]
    public void What_was_replaced_or_removed_is_let_go()
    {
        var cache = new S3FifoCache<int, object>(Smallest);
        var gone = Fill();
        GC.Collect();
        Assert.DoesNotContain(gone, value => value.IsAlive);
        GC.KeepAlive(cache);

        List<WeakReference> Fill()
        {
            var values = new List<WeakReference>();
            for (var i = 0; i < 100; i++)
            {
                var value = new object();
                values.Add(new WeakReference(value));
                cache.Set(i % 2, value, 5_000);
            }

            cache.Remove(0);
            cache.Set(1, new object(), 5_000);
            return values;
        }
    }
}
