using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Inspection;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Inspection;

/// <summary>What is seen of one key.</summary>
public sealed class KeyInspectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;

    public KeyInspectionTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(16 << 20, EvictionPolicy.AllKeysLru, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
    }

    private ISpaceInspector Clients => new CacheInspector(_engine).Spaces[0];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("set k hello", CachedType.String, "embstr", 5, "hello")]
    [InlineData("set k 42", CachedType.String, "int", 2, "42")]
    [InlineData("rpush k a b 7", CachedType.List, "quicklist", 3, "a b 7")]
    [InlineData("hset k f v 1 2", CachedType.Hash, "listpack", 2, "f=v 1=2")]
    [InlineData("sadd k 3 1 2", CachedType.Set, "intset", 3, "1 2 3")]
    [InlineData("sadd k a b", CachedType.Set, "hashtable", 2, "a b")]
    [InlineData("zadd k 2.5 b -1 a", CachedType.SortedSet, "listpack", 2, "a:-1 b:2.5")]
    public void Every_type_is_shown_with_what_it_holds(string command, CachedType type, string encoding, long length, string elements)
    {
        _client.Ask(command);

        var key = Read("k")!;

        Assert.Equal((type, encoding, length), (key.Summary.Type, key.Summary.Encoding, key.Length));
        Assert.Equal(elements, Shown(key));
        Assert.Null(key.Next);
        Assert.Null(key.Summary.ExpiresAt);
        Assert.Equal(_client.Ask("memory usage k"), $":{key.Summary.Bytes}");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("hash")]
    [InlineData("set")]
    [InlineData("zset")]
    public void Following_the_pages_of_a_large_value_shows_every_element_once(string type)
    {
        for (var i = 0; i < 2000; i++)
        {
            _client.Ask(type switch
            {
                "list" => $"rpush k item-{i}",
                "hash" => $"hset k field-{i} value-{i}",
                "set" => $"sadd k member-{i}",
                _ => $"zadd k {i} member-{i}",
            });
        }

        var seen = new List<string>();
        for (ulong? at = 0; at is { } cursor;)
        {
            var page = Read("k", cursor, count: 50)!;
            Assert.InRange(page.Elements.Count, 1, 100);
            seen.AddRange(page.Elements.Select(e => Text(e.Value) + Text(e.Field)));
            at = page.Next;
        }

        Assert.Equal(2000, seen.Count);
        Assert.Equal(2000, seen.Distinct().Count());
    }

    [Fact]
    public void A_long_string_is_shown_in_parts_that_make_it_whole()
    {
        var value = string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)('a' + (i % 23))));
        _client.Ask("set", "k", value);

        var seen = new StringBuilder();
        for (ulong? at = 0; at is { } cursor;)
        {
            var page = Read("k", cursor, bytes: 7000)!;
            Assert.Equal(50_000, page.Length);
            seen.Append(Text(Assert.Single(page.Elements).Value));
            at = page.Next;
        }

        Assert.Equal(value, seen.ToString());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Of_a_long_element_only_the_beginning_is_copied(int length)
    {
        var value = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23))));
        _client.Ask("rpush", "k", value);

        var element = Assert.Single(Read("k", bytes: 64)!.Elements);

        Assert.Equal(value[..64], Text(element.Value));
        Assert.Equal(length, element.Value.Length);
    }

    [Fact]
    public void A_page_ends_where_it_has_a_mebibyte()
    {
        for (var i = 0; i < 40; i++)
            _client.Ask("rpush", "k", new string('x', 100_000));

        var page = Read("k", count: 1000, bytes: 200_000)!;

        Assert.Equal(11, page.Elements.Count);
        Assert.Equal(11ul, page.Next);
    }

    [Fact]
    public void The_time_to_live_is_the_moment_of_its_end_and_then_the_key_is_not_there()
    {
        _client.Ask("set k v ex 60");

        Assert.Equal(_time.GetUtcNow().AddSeconds(60), Read("k")!.Summary.ExpiresAt);

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(Read("k"));
        Assert.Null(Read("never"));
    }

    [Fact]
    public void Looking_leaves_no_trace()
    {
        _client.Ask("set k v");
        _time.Advance(TimeSpan.FromMinutes(1));
        Read("k");
        Read("missing");
        Clients.ReadKeys(new KeyQuery { Count = 10 });

        var (key, state) = (Read("k")!, Clients.Read());

        Assert.InRange(key.Idle!.Value, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
        Assert.Equal((0, 0), (state.Hits, state.Misses));
    }

    [Theory]
    [InlineData("set k one", "set k two", true)]
    [InlineData("set k 1", "incr k", true)]
    [InlineData("set k one", "expire k 10", true)]
    [InlineData("rpush k a b", "lset k 0 b; lset k 1 a", true)]
    [InlineData("hset k f v", "hset k f w", true)]
    [InlineData("zadd k 1 m", "zadd k 2 m", true)]
    [InlineData("sadd k a b", "srem k a; sadd k a", false)]
    [InlineData("set k one", "get k; set k one", false)]
    public void The_version_changes_with_the_value_and_the_time_to_live_only(string make, string change, bool changes)
    {
        _client.Ask(make);
        var before = Read("k")!.Version;
        _client.AskAll(change);

        Assert.NotNull(before);
        Assert.Equal(changes, before != Read("k")!.Version);
    }

    [Fact]
    public void What_is_too_large_to_be_compared_has_no_version()
    {
        _client.Ask("set", "k", new string('x', KeyDetail.MaxVersionedBytes));
        Assert.NotNull(Read("k")!.Version);

        _client.Ask("set", "k", new string('x', KeyDetail.MaxVersionedBytes + 1));
        Assert.Null(Read("k")!.Version);
    }

    [Fact]
    public void A_key_is_removed_as_a_client_would_remove_it()
    {
        var watcher = new CacheClient(_engine);
        _client.AskAll("config set notify-keyspace-events Kg; set k v; subscribe __keyspace@0__:k");
        watcher.AskAll("watch k; multi; set other 1");

        Assert.Equal(KeyRemoval.Removed, Clients.RemoveKey(0, "k"u8, version: null));

        Assert.Null(Read("k"));
        Assert.Contains("|del|", _client.Posted, StringComparison.Ordinal);
        Assert.Equal("*-1", watcher.Ask("exec"));
        Assert.Equal(KeyRemoval.NotThere, Clients.RemoveKey(0, "k"u8, version: null));
    }

    [Fact]
    public void A_key_that_has_changed_is_not_removed_by_who_saw_it_before()
    {
        _client.Ask("set k 1");
        var seen = Read("k")!.Version;
        _client.Ask("incr k");

        Assert.Equal(KeyRemoval.Changed, Clients.RemoveKey(0, "k"u8, seen));
        Assert.Equal("$1|2", _client.Ask("get k"));
        Assert.Equal(KeyRemoval.Removed, Clients.RemoveKey(0, "k"u8, Read("k")!.Version));
    }

    private static string Text(CachedBytes bytes) => Encoding.UTF8.GetString(bytes.Shown.Span);

    private static string Shown(KeyDetail key) => string.Join(' ', key.Elements.Select(e => key.Summary.Type switch
    {
        CachedType.Hash => $"{Text(e.Field)}={Text(e.Value)}",
        CachedType.SortedSet => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Text(e.Value)}:{e.Score}"),
        _ => Text(e.Value),
    }));

    private KeyDetail? Read(string key, ulong cursor = 0, int count = 100, int bytes = 1 << 20) =>
        Clients.ReadKey(0, Encoding.UTF8.GetBytes(key), new ElementQuery { Cursor = cursor, Count = count, Bytes = bytes });
}
