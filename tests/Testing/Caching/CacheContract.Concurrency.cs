using System.Buffers;
using System.Buffers.Binary;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <content>Many callers at once, and orders of calls that nobody thought of.</content>
public abstract partial class CacheContract
{
    [Fact]
    public async Task Of_many_who_miss_at_once_exactly_one_loads()
    {
        const int Callers = 50;
        var cache = Open();
        for (var round = 0; round < 20; round++)
        {
            var key = $"key-{round}";
            var asked = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => LeaseAsync(cache, key, Plain), Token)));

            var granted = Assert.Single(asked, a => a.Lease.State == LeaseState.Granted);
            Assert.All(asked, a => Assert.NotEqual(LeaseState.Fresh, a.Lease.State));
            Assert.True(await FillAsync(cache, key, granted.Lease.Token, "loaded"));
        }
    }

    [Fact]
    public async Task Many_callers_each_find_their_own()
    {
        const int Callers = 16;
        const int Rounds = 50;
        var cache = Open(16 * Megabyte);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    var key = $"{caller}/{i}";
                    await SetAsync(cache, key, key);
                    Assert.Equal(key, await ReadAsync(cache, key));
                    await cache.RemoveAsync(Bytes(key), Token);
                    Assert.Null(await ReadAsync(cache, key));
                    Assert.True(await FillAsync(cache, key, await TakeAsync(cache, key), key + key));
                    Assert.Equal(key + key, await ReadAsync(cache, key));
                }
            },
            Token)));
    }

    /// <summary>
    /// The promise that the port exists for. Writers raise a number in what stands for the database, then remove its key; readers load it
    /// on a lease and fill it in. Whoever begins to read after a removal has ended finds nothing older than what it was for.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_read_that_begins_after_a_removal_has_ended_never_sees_what_was_loaded_before_it(int seed)
    {
        const int Keys = 3;
        const int Writers = 3;
        const int Readers = 9;
        const int Rounds = 300;
        var cache = Open();
        var database = new long[Keys];
        var removed = new long[Keys];
        var served = 0;

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(new Random((seed * 100) + writer)), Token)),
            .. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => LoadAsync(new Random((seed * 1000) + reader)), Token)),
        ]);
        Assert.NotEqual(0, served);

        async Task WriteAsync(Random random)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var key = random.Next(Keys);
                var number = Interlocked.Increment(ref database[key]);
                if (random.Next(20) == 0)
                    await cache.ClearAsync(Token);
                else
                    await cache.RemoveAsync(Bytes(key), Token);
                RaiseTo(ref removed[key], number);
                for (var pause = random.Next(4); pause > 0; pause--)
                    await Task.Yield();
            }
        }

        async Task LoadAsync(Random random)
        {
            var found = new ArrayBufferWriter<byte>();
            for (var round = 0; round < Rounds; round++)
            {
                var key = random.Next(Keys);
                var oldest = Volatile.Read(ref removed[key]);
                var terms = random.Next(2) == 0 ? Plain : WithStale;
                found.ResetWrittenCount();
                if (random.Next(3) == 0)
                {
                    if ((await cache.GetAsync(Bytes(key), found, Token)).IsFound)
                        AssertNoOlder(found, oldest);
                    continue;
                }

                var lease = await cache.LeaseAsync(Bytes(key), terms, found, Token);
                if (lease.HasValue)
                    AssertNoOlder(found, oldest);
                if (lease.State != LeaseState.Granted)
                    continue;

                var loaded = Volatile.Read(ref database[key]);
                for (var pause = random.Next(4); pause > 0; pause--)
                    await Task.Yield();
                if (random.Next(10) == 0)
                    await cache.ReleaseAsync(Bytes(key), lease.Token, Token);
                else
                    await cache.FillAsync(Bytes(key), lease.Token, Bytes(loaded), random.Next(2) == 0 ? Short : Long, Token);
            }
        }

        void AssertNoOlder(ArrayBufferWriter<byte> found, long oldest)
        {
            Assert.InRange(BinaryPrimitives.ReadInt64LittleEndian(found.WrittenSpan), oldest, long.MaxValue);
            Interlocked.Increment(ref served);
        }
    }

    /// <summary>Every answer to a random order of calls is that of a dictionary with at most one lease a key.</summary>
    [Fact]
    public async Task Any_order_of_calls_is_answered_as_a_dictionary_with_leases_would()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = new CacheModel(Open(), new Random(seed));
            for (var step = 0; step < 200; step++)
                await model.StepAsync(Token);
        }
    }

    private static void RaiseTo(ref long number, long least)
    {
        for (var seen = Volatile.Read(ref number); seen < least;)
        {
            var before = Interlocked.CompareExchange(ref number, least, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
