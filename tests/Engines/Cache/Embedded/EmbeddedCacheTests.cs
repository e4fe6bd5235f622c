using System.Buffers;
using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Embedded;

/// <summary>What the port promises of the embedded cache beyond its contract: towards clients, and of its bound.</summary>
public sealed class EmbeddedCacheTests : IDisposable
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly EmbeddedServer _server;

    public EmbeddedCacheTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(8 << 20, EvictionPolicy.AllKeysLru, 4), _time, new Random(1));
        _server = new EmbeddedServer(_engine);
    }

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public async Task A_value_of_any_length_comes_back_as_it_was(int length)
    {
        var cache = _server.Open(new CacheSpace("things", 8 << 20));
        var value = new byte[length];
        new Random(length).NextBytes(value);

        Assert.True(await cache.SetAsync(Key("a"), value, Forever, Cancellation));

        Assert.Equal(value, await ReadAsync(cache, "a"));
        var destination = new byte[length + 1];
        Assert.Equal(CacheLookup.Found, cache.TryGet("a"u8, destination, out var found));
        Assert.Equal(length, found);
        if (length > 0)
            Assert.Equal(CacheLookup.TooLong, cache.TryGet("a"u8, destination.AsSpan(0, length - 1), out found));
        Assert.Equal(length, found);
    }

    [Fact]
    public async Task A_number_comes_back_in_the_digits_that_it_was_written_in()
    {
        var cache = _server.Open(new CacheSpace("things", 1 << 20));
        foreach (var text in (string[])["7", "-12", "007", "9223372036854775807", "+5", " 5"])
        {
            await cache.SetAsync(Key("n"), Encoding.ASCII.GetBytes(text), Forever, Cancellation);
            Assert.Equal(text, Encoding.ASCII.GetString((await ReadAsync(cache, "n"))!));
        }
    }

    [Fact]
    public async Task A_value_is_gone_with_the_millisecond_that_its_life_ends_in()
    {
        var cache = _server.Open(new CacheSpace("things", 1 << 20));
        await cache.SetAsync(Key("a"), Key("x"), TimeSpan.FromMicroseconds(1500), Cancellation);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await ReadAsync(cache, "a"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_value_as_large_as_its_space_is_refused_and_nobody_leaves_for_it()
    {
        var cache = _server.Open(new CacheSpace("small", CacheLimits.MinSpaceBytes));
        await cache.SetAsync(Key("a"), Key("x"), Forever, Cancellation);
        await cache.SetAsync(Key("b"), Key("x"), Forever, Cancellation);

        Assert.False(await cache.SetAsync(Key("b"), new byte[CacheLimits.MinSpaceBytes], Forever, Cancellation));

        Assert.NotNull(await ReadAsync(cache, "a"));
        Assert.Null(await ReadAsync(cache, "b"));
    }

    [Fact]
    public async Task The_smallest_space_takes_whatever_comes_and_never_holds_more_than_its_bytes()
    {
        var cache = _server.Open(new CacheSpace("small", CacheLimits.MinSpaceBytes));
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(await cache.SetAsync(Key($"key:{i}"), new byte[i % 300], Forever, Cancellation));
            Assert.True(SpaceOf("small").Keyspace.Pool.Held <= CacheLimits.MinSpaceBytes);
        }

        // Of values of one size it keeps two fifths of what it may hold; those of many sizes are each alone on a page of theirs.
        for (var i = 0; i < 20_000; i++)
            await cache.SetAsync(Key($"same:{i % 5000}"), new byte[100], Forever, Cancellation);
        Assert.InRange(SpaceOf("small").Keyspace.BlockBytes, CacheLimits.MinSpaceBytes * 2 / 5, CacheLimits.MinSpaceBytes);
    }

    [Fact]
    public async Task Clients_that_wait_watch_or_listen_hear_of_what_is_changed_through_the_port()
    {
        var cache = _server.Open(new CacheSpace("things", 1 << 20));
        var (watcher, listener) = (new CacheClient(_engine), new CacheClient(_engine));
        listener.Ask("config set notify-keyspace-events KEA");
        listener.Ask("psubscribe __key*__:*");
        watcher.AskAll("select things; watch a; multi; ping");

        await cache.SetAsync(Key("a"), Key("x"), Forever, Cancellation);
        await cache.RemoveAsync(Key("a"), Cancellation);

        Assert.Equal("*-1", watcher.Ask("exec"));
        Assert.Contains("__keyevent@things__:set|$1|a", listener.Posted, StringComparison.Ordinal);
        Assert.Contains("__keyspace@things__:a|$3|del", listener.Posted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_has_put_under_a_key_that_is_not_bytes_counts_as_missing()
    {
        var cache = _server.Open(new CacheSpace("things", 1 << 20));
        var client = new CacheClient(_engine);
        Assert.Equal(":2", client.AskAll("select things; rpush a 1 2"));

        Assert.Null(await ReadAsync(cache, "a"));
        var lease = await cache.LeaseAsync(Key("a"), new LeaseTerms(TimeSpan.FromSeconds(1), TimeSpan.Zero), new ArrayBufferWriter<byte>(), Cancellation);
        Assert.Equal((LeaseState.Granted, false), (lease.State, lease.HasValue));
        Assert.True(await cache.FillAsync(Key("a"), lease.Token, Key("x"), Forever, Cancellation));
        Assert.Equal("$1|x", client.Ask("get a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("line\n")]
    [InlineData("012345678901234567890123456789012")]
    public void A_space_has_a_name_that_can_be_said_anywhere(string name) =>
        Assert.Throws<ArgumentException>(() => _server.Open(new CacheSpace(name, 1 << 20)));

    [Fact]
    public void A_space_is_opened_once_and_has_room_for_something()
    {
        _server.Open(new CacheSpace("things", 1 << 20));

        Assert.Throws<InvalidOperationException>(() => _server.Open(new CacheSpace("things", 1 << 20)));
        Assert.Throws<ArgumentException>(() => _server.Open(new CacheSpace("tiny", CacheLimits.MinSpaceBytes - 1)));
        Assert.Throws<ArgumentException>(() => _server.Open(new CacheSpace(CacheLimits.ClientsName, 1 << 20)));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Key(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<byte[]?> ReadAsync(ICache cache, string key)
    {
        var writer = new ArrayBufferWriter<byte>();
        return (await cache.GetAsync(Key(key), writer, Cancellation)).IsFound ? writer.WrittenSpan.ToArray() : null;
    }

    private Space SpaceOf(string name) => _engine.Spaces.Find(Encoding.ASCII.GetBytes(name))!;
}
