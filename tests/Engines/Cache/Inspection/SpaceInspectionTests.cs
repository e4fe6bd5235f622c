using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Inspection;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Inspection;

/// <summary>What is seen of the keys of a space, and of the space itself.</summary>
public sealed class SpaceInspectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheInspector _inspector;

    public SpaceInspectionTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(16 << 20, EvictionPolicy.AllKeysLru, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
        _inspector = new CacheInspector(_engine);
    }

    private ISpaceInspector Clients => _inspector.Spaces[0];

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Following_the_pages_shows_every_key_of_a_database_though_others_come_and_go()
    {
        for (var i = 0; i < 5000; i++)
            _client.Ask($"set key:{i} v");
        _client.AskAll("select 1; set elsewhere v; select 0");

        var (seen, turn) = (new HashSet<string>(), 0);
        for (ulong? at = 0; at is { } cursor; turn++)
        {
            var page = Clients.ReadKeys(new KeyQuery { Count = 100, Cursor = cursor });
            Assert.InRange(page.Keys.Count, 0, 120);
            seen.UnionWith(page.Keys.Select(k => Encoding.UTF8.GetString(k.Key.Span)));
            for (var i = 0; i < 50; i++)
                _client.Ask($"set passing:{turn}:{i} v");
            at = page.Next;
        }

        Assert.DoesNotContain("elsewhere", seen);
        Assert.Equal(5000, seen.Count(k => k.StartsWith("key:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("user:*", null, "user:1 user:2")]
    [InlineData("*:2", null, "order:2 user:2")]
    [InlineData("", CachedType.List, "order:2")]
    [InlineData("user:*", CachedType.Hash, "user:2")]
    [InlineData("nobody", null, "")]
    public void Keys_are_found_by_their_names_and_by_what_they_hold(string pattern, CachedType? type, string found)
    {
        _client.AskAll("set user:1 a; hset user:2 f v; rpush order:2 x");

        var page = Clients.ReadKeys(new KeyQuery { Count = 100, Pattern = Encoding.UTF8.GetBytes(pattern), Type = type });

        Assert.Null(page.Next);
        Assert.Equal(found, string.Join(' ', page.Keys.Select(k => Encoding.UTF8.GetString(k.Key.Span)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_call_looks_at_a_bounded_number_of_keys_however_few_are_like_what_is_asked_for()
    {
        for (var i = 0; i < 60_000; i++)
            _client.Ask($"set {i} v");

        var page = Clients.ReadKeys(new KeyQuery { Count = 10, Pattern = "none"u8.ToArray() });

        Assert.Empty(page.Keys);
        Assert.NotNull(page.Next);
    }

    [Fact]
    public void Keys_whose_time_is_over_are_not_shown()
    {
        _client.AskAll("set brief v px 10; set long v");
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal("long", Encoding.UTF8.GetString(Assert.Single(Clients.ReadKeys(new KeyQuery { Count = 10 }).Keys).Key.Span));
    }

    [Fact]
    public async Task Each_space_is_shown_with_its_own_counts()
    {
        var links = new EmbeddedServer(_engine).Open(new CacheSpace("links", 1 << 20));
        await links.SetAsync("a"u8.ToArray(), "1"u8.ToArray(), TimeSpan.FromSeconds(9), TestContext.Current.CancellationToken);
        links.TryGet("a"u8, new byte[8], out _);
        links.TryGet("b"u8, new byte[8], out _);
        links.TryGet("c"u8, new byte[8], out _);
        _client.Ask("set x y");
        _client.Ask("get x");

        Assert.Equal(["", "links"], _inspector.Spaces.Select(s => s.Name));
        var (clients, space) = (_inspector.Spaces[0].Read(), _inspector.Spaces[1].Read());
        Assert.Equal((1, 0, 1, 0), (clients.Keys, clients.Expiring, clients.Hits, clients.Misses));
        Assert.Equal((1, 1, 1, 2), (space.Keys, space.Expiring, space.Hits, space.Misses));
        Assert.Equal((16 << 20, 1 << 20), (clients.LimitBytes, space.LimitBytes));
        Assert.InRange(space.HeldBytes, 1, 1 << 20);
        Assert.Equal((16, 1), (_inspector.Spaces[0].Databases, _inspector.Spaces[1].Databases));
        Assert.NotNull(_inspector.Spaces[1].ReadKey(0, "a"u8, new ElementQuery { Count = 1, Bytes = 10 }));
    }

    [Fact]
    public async Task Removing_a_key_that_somebody_loads_makes_the_load_void()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cache = new EmbeddedServer(_engine).Open(new CacheSpace("links", 1 << 20));
        var lease = await cache.LeaseAsync(
            "a"u8.ToArray(), new LeaseTerms(TimeSpan.FromSeconds(5), TimeSpan.Zero), new System.Buffers.ArrayBufferWriter<byte>(), cancellation);

        Assert.Equal(KeyRemoval.NotThere, _inspector.Spaces[1].RemoveKey(0, "a"u8, version: null));

        Assert.False(await cache.FillAsync("a"u8.ToArray(), lease.Token, "old"u8.ToArray(), TimeSpan.FromMinutes(1), cancellation));
    }

    [Fact]
    public void The_keys_that_clients_read_most_come_first()
    {
        _client.AskAll("set a 1; set b 1");
        for (var i = 0; i < 30; i++)
            _client.AskAll("get b; get b; get a");

        var hot = Clients.ReadHotKeys(10).Keys;

        Assert.Equal(["b", "a"], hot.Select(k => Encoding.UTF8.GetString(k.Key.Span)));
        Assert.InRange(hot[0].Share, 0.6, 0.72);
    }

    [Fact]
    public async Task The_keys_that_a_module_reads_most_come_first_in_its_space()
    {
        var links = new EmbeddedServer(_engine).Open(new CacheSpace("links", 1 << 20));
        await links.SetAsync("a"u8.ToArray(), "1"u8.ToArray(), TimeSpan.FromSeconds(9), TestContext.Current.CancellationToken);
        await links.SetAsync("b"u8.ToArray(), "1"u8.ToArray(), TimeSpan.FromSeconds(9), TestContext.Current.CancellationToken);
        for (var i = 0; i < 30; i++)
        {
            links.TryGet("b"u8, new byte[8], out _);
            await links.GetAsync("b"u8.ToArray(), new System.Buffers.ArrayBufferWriter<byte>(), TestContext.Current.CancellationToken);
            links.TryGet("a"u8, new byte[8], out _);
        }

        var hot = _inspector.Spaces[1].ReadHotKeys(10);

        Assert.Equal(["b", "a"], hot.Keys.Select(k => Encoding.UTF8.GetString(k.Key.Span)));
        Assert.InRange(hot.Keys[0].Share, 0.6, 0.72);
        Assert.Empty(Clients.ReadHotKeys(10).Keys);
        Assert.Contains("|$1|b|", _client.AskAll("select links; hotkeys"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_of_other_bounds_before_enough_was_looked_up()
    {
        _client.AskAll("set a 1; get a");

        Assert.Empty(Clients.ReadMissRatio().Points);
    }

    [Fact]
    public void The_slow_log_and_the_server_are_shown()
    {
        _client.AskAll("config set slowlog-log-slower-than 0; set a b; nonsense");

        Assert.Equal(["set", "a", "b"], _inspector.ReadSlowLog(10)[0].Arguments);
        Assert.Single(_inspector.ReadSlowLog(1));
        var server = _inspector.ReadServer();
        Assert.Equal((1, 2, 1), (server.Clients, server.Commands, server.Errors));
        Assert.Empty(server.Addresses);
    }
}
