using System.Buffers;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <content>Keys and values: what goes in comes out, within the port's bounds.</content>
public abstract partial class CacheContract
{
    private const int Largest = CacheLimits.MaxValueBytes;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(16, 4 << 10)]
    [InlineData(100, 100_000)]
    [InlineData(CacheLimits.MaxKeyBytes, 1000)]
    [InlineData(CacheLimits.MaxKeyBytes, Largest)]
    public async Task What_was_set_is_read_byte_for_byte(int keyBytes, int valueBytes)
    {
        var cache = Open(16 * Largest);
        var key = Noise(keyBytes);
        var value = Noise(valueBytes);

        Assert.True(await cache.SetAsync(key, value, Forever, Token));

        Assert.Equal(value, await ReadAsync(cache, key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4 << 10)]
    [InlineData(Largest)]
    public async Task What_was_filled_is_read_byte_for_byte(int valueBytes)
    {
        var cache = Open(16 * Largest);
        var key = Noise(32);
        var value = Noise(valueBytes);
        var lease = await cache.LeaseAsync(key, Plain, new ArrayBufferWriter<byte>(), Token);

        Assert.True(await cache.FillAsync(key, lease.Token, value, Forever, Token));

        Assert.Equal(value, await ReadAsync(cache, key));
        var destination = new ArrayBufferWriter<byte>();
        Assert.Equal(LeaseState.Fresh, (await cache.LeaseAsync(key, Plain, destination, Token)).State);
        Assert.Equal(value, destination.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("\r\n$5\r\n")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{}:{a}b}")]
    [InlineData("a:b")]
    [InlineData("*")]
    [InlineData("naïve 字 🏗")]
    public async Task Keys_are_bytes_that_mean_nothing(string key)
    {
        var cache = Open();
        await SetAsync(cache, key, key);
        await SetAsync(cache, key + "\0", "longer");
        await SetAsync(cache, key + ":", "another");

        Assert.Equal(key, await ReadAsync(cache, key));
        await cache.RemoveAsync(Bytes(key), Token);

        Assert.Null(await ReadAsync(cache, key));
        Assert.Equal("longer", await ReadAsync(cache, key + "\0"));
        Assert.Equal("another", await ReadAsync(cache, key + ":"));
        Assert.True(await FillAsync(cache, key, await TakeAsync(cache, key), "filled"));
        Assert.Equal("filled", await ReadAsync(cache, key));
    }

    [Fact]
    public async Task Every_byte_may_stand_in_a_key()
    {
        var cache = Open();
        for (var b = 0; b <= byte.MaxValue; b++)
            Assert.True(await cache.SetAsync(new[] { (byte)b }, Bytes(b), Forever, Token));

        for (var b = 0; b <= byte.MaxValue; b++)
            Assert.Equal(Bytes(b).ToArray(), await ReadAsync(cache, new[] { (byte)b }));
    }

    [Fact]
    public async Task A_key_that_was_never_set_is_missing()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1");

        Assert.Null(await ReadAsync(cache, "b"));
    }

    [Fact]
    public async Task Setting_again_replaces_the_value()
    {
        var cache = Open();
        foreach (var value in new[] { "one", "a rather longer one", "", "two" })
        {
            await SetAsync(cache, "a", value);
            Assert.Equal(value, await ReadAsync(cache, "a"));
        }
    }

    [Fact]
    public async Task A_value_is_copied_when_it_is_set()
    {
        var cache = Open();
        byte[] key = [1, 2, 3];
        byte[] value = [4, 5, 6];
        Assert.True(await cache.SetAsync(key, value, Forever, Token));
        var token = await TakeAsync(cache, "filled");
        byte[] filled = [7, 8, 9];
        Assert.True(await cache.FillAsync(Bytes("filled"), token, filled, Forever, Token));

        key.AsSpan().Clear();
        value.AsSpan().Clear();
        filled.AsSpan().Clear();

        Assert.Equal([4, 5, 6], await ReadAsync(cache, new byte[] { 1, 2, 3 }));
        Assert.Equal([7, 8, 9], await ReadAsync(cache, Bytes("filled")));
    }

    [Fact]
    public async Task A_value_is_written_after_what_the_destination_has()
    {
        var cache = Open();
        await SetAsync(cache, "a", "bc");
        var destination = new ArrayBufferWriter<byte>();
        destination.Write("a"u8);

        Assert.True((await cache.GetAsync(Bytes("a"), destination, Token)).IsFound);
        Assert.True((await cache.LeaseAsync(Bytes("a"), Plain, destination, Token)).HasValue);

        Assert.Equal("abcbc"u8, destination.WrittenSpan);
    }

    [Fact]
    public async Task A_removed_key_is_missing_and_its_neighbours_stay()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1");
        await SetAsync(cache, "b", "2");

        await cache.RemoveAsync(Bytes("a"), Token);
        await cache.RemoveAsync(Bytes("a"), Token);
        await cache.RemoveAsync(Bytes("never"), Token);

        Assert.Null(await ReadAsync(cache, "a"));
        Assert.Equal("2", await ReadAsync(cache, "b"));
    }

    [Fact]
    public async Task Clearing_removes_every_key_and_the_space_goes_on()
    {
        const int Keys = 2000;
        var cache = Open();
        for (var i = 0; i < Keys; i++)
            await SetAsync(cache, $"key-{i}", "value", i % 2 == 0 ? Short : Forever);

        await cache.ClearAsync(Token);

        for (var i = 0; i < Keys; i++)
            Assert.Null(await ReadAsync(cache, $"key-{i}"));
        await SetAsync(cache, "key-1", "again");
        Assert.Equal("again", await ReadAsync(cache, "key-1"));
        await cache.ClearAsync(Token);
        await cache.ClearAsync(Token);
        Assert.Null(await ReadAsync(cache, "key-1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CacheLimits.MaxKeyBytes + 1)]
    public async Task A_key_out_of_bounds_is_refused_by_every_call(int keyBytes)
    {
        var cache = Open();
        var key = Noise(keyBytes);
        var destination = new ArrayBufferWriter<byte>();

        Assert.ThrowsAny<ArgumentException>(() => cache.TryGet(key, [], out _));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.GetAsync(key, destination, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.SetAsync(key, Bytes("1"), Forever, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.RemoveAsync(key, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.LeaseAsync(key, Plain, destination, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.FillAsync(key, 1, Bytes("1"), Forever, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.ReleaseAsync(key, 1, Token).AsTask());
        Assert.Equal(0, destination.WrittenCount);
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_refused_and_changes_nothing()
    {
        var cache = Open(16 * Largest);
        await SetAsync(cache, "a", "1");
        var token = await TakeAsync(cache, "b");

        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.SetAsync(Bytes("a"), new byte[Largest + 1], Forever, Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.FillAsync(Bytes("b"), token, new byte[Largest + 1], Forever, Token).AsTask());

        Assert.Equal("1", await ReadAsync(cache, "a"));
        Assert.True(await FillAsync(cache, "b", token, "2"));
    }

    [Fact]
    public void A_cache_says_which_space_it_is()
    {
        var space = NewSpace();
        Assert.Equal(space, Open(space).Space);
    }

    [Fact]
    public async Task Spaces_do_not_touch_each_other()
    {
        var name = NewName();
        var one = Open(new CacheSpace(name, Megabyte));
        var other = Open(new CacheSpace(name + "-b", Megabyte)); // the one's name is how the other's begins
        await SetAsync(one, "a", "one");
        await SetAsync(other, "a", "other");
        var token = await TakeAsync(other, "b");

        await TakeAsync(one, "b");
        await one.RemoveAsync(Bytes("b"), Token);
        await one.ClearAsync(Token);

        Assert.Null(await ReadAsync(one, "a"));
        Assert.Equal("other", await ReadAsync(other, "a"));
        await AssertHeldAsync(other, "b");
        Assert.True(await FillAsync(other, "b", token, "filled"));
        Assert.Null(await ReadAsync(one, "b"));
    }
}
