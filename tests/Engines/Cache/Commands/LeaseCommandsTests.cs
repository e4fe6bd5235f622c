using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class LeaseCommandsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheClient _other;

    public LeaseCommandsTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        (_client, _other) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Who_misses_first_gets_the_lease_and_all_others_are_told_that_somebody_loads()
    {
        var token = Take("a");

        Assert.Equal("*4|$4|held|$-1|$-1|:-2", _other.Ask("getlease a"));
        Assert.Equal(":1", _client.Ask($"setlease a {token} value px 5000"));
        Assert.Equal("*4|$5|fresh|$5|value|$-1|:5000", _other.Ask("getlease a"));
        Assert.Equal(":5000", _client.Ask("pttl a"));
    }

    [Fact]
    public void A_token_fills_once()
    {
        var token = Take("a");
        Assert.Equal(":1", _client.Ask($"setlease a {token} first"));

        Assert.Equal(":0", _client.Ask($"setlease a {token} second"));
        Assert.Equal("$5|first", _client.Ask("get a"));
    }

    [Fact]
    public void A_value_with_little_time_left_is_given_along_and_the_first_to_ask_is_to_load_it()
    {
        _client.Ask("set a old px 1000");

        Assert.Equal("*4|$5|fresh|$3|old|$-1|:1000", _client.Ask("getlease a stale 999"));
        Assert.StartsWith("*4|$7|granted|$3|old|$", _client.Ask("getlease a stale 1000"), StringComparison.Ordinal);
        Assert.Equal("*4|$4|held|$3|old|$-1|:1000", _other.Ask("getlease a stale 1000"));
    }

    [Theory]
    [InlineData("set a x")]
    [InlineData("set a x ex 10")]
    [InlineData("set a x exat 1")]
    [InlineData("del a")]
    [InlineData("unlink b a")]
    [InlineData("getdel a")]
    [InlineData("append a x")]
    [InlineData("incr a")]
    [InlineData("rpush a x")]
    [InlineData("set b x; rename b a")]
    [InlineData("set b x; copy b a")]
    [InlineData("select 1; set a x; move a 0")]
    [InlineData("sinterstore a b c")]
    [InlineData("zunionstore a 1 b")]
    [InlineData("flushdb")]
    [InlineData("flushall")]
    [InlineData("swapdb 0 1")]
    [InlineData("multi; del a; exec")]
    public void Whatever_anybody_changes_of_a_key_cancels_its_lease(string change)
    {
        var token = Take("a");

        _other.AskAll(change);

        Assert.Equal(":0", _client.Ask($"setlease a {token} outdated"));
        Assert.NotEqual("$8|outdated", _client.Ask("get a"));
    }

    [Theory]
    [InlineData("expire a 5000")]
    [InlineData("pexpire a 0")]
    [InlineData("persist a")]
    [InlineData("getex a ex 70")]
    [InlineData("rename a b")]
    [InlineData("move a 3")]
    public void So_does_whatever_is_changed_of_one_that_is_there(string change)
    {
        _client.Ask("set a x ex 100");
        var token = Take("a", "stale 200000");

        _other.AskAll(change);

        Assert.Equal(":0", _client.Ask($"setlease a {token} outdated"));
    }

    [Theory]
    [InlineData("set b x")]
    [InlineData("del b")]
    [InlineData("get a")]
    [InlineData("expire a 10")]
    [InlineData("set a x xx")]
    [InlineData("select 1; set a x")]
    [InlineData("select 1; del a")]
    public void What_changes_nothing_of_a_key_leaves_its_lease(string command)
    {
        var token = Take("a");

        _other.AskAll(command);

        Assert.Equal(":1", _client.Ask($"setlease a {token} value"));
    }

    [Fact]
    public void A_value_whose_time_is_over_while_it_is_loaded_may_be_filled_again()
    {
        _client.Ask("set a old px 50");
        var token = Take("a", "stale 50");

        _time.Advance(TimeSpan.FromMilliseconds(60));
        _engine.Maintain(100);

        Assert.Equal(":1", _client.Ask($"setlease a {token} new"));
    }

    [Fact]
    public void A_lease_ends_after_ten_seconds_or_the_time_that_was_asked_for()
    {
        var (first, second) = (Take("a"), Take("b", "px 50"));

        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(":0", _client.Ask($"setlease b {second} late"));
        Assert.StartsWith("*4|$4|held", _other.Ask("getlease a"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMilliseconds(9950));
        Assert.NotEqual(first, Take("a"));
        Assert.Equal(":0", _client.Ask($"setlease a {first} late"));
    }

    [Fact]
    public void A_lease_that_is_given_back_goes_to_the_next_who_asks()
    {
        var token = Take("a");

        Assert.Equal(":0", _client.Ask("dellease a 12345"));
        Assert.Equal(":1", _client.Ask($"dellease a {token}"));
        Assert.Equal(":0", _client.Ask($"dellease a {token}"));
        Take("a");
    }

    [Theory]
    [InlineData("cancelleases prices")]
    [InlineData("multi; cancelleases prices; exec")]
    public void A_group_of_leases_is_cancelled_as_one_and_others_stay(string command)
    {
        string[] keys = ["a", "b", "c", "d", "e", "f"];
        var ours = keys.Select(key => Take(key, "group prices")).ToList();
        var (theirs, nobodys) = (Take("x", "group names"), Take("y"));
        _client.Ask("select 1");
        var elsewhere = Take("a", "group prices");
        _client.Ask("select 0");

        _other.AskAll(command);

        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(":0", _client.Ask($"setlease {keys[i]} {ours[i]} outdated"));
        Assert.Equal(":1", _client.Ask($"setlease x {theirs} value"));
        Assert.Equal(":1", _client.Ask($"setlease y {nobodys} value"));
        _client.Ask("select 1");
        Assert.Equal(":1", _client.Ask($"setlease a {elsewhere} value"));
    }

    [Theory]
    [InlineData("getlease a group", "-ERR syntax error")]
    [InlineData("getlease a px 0", "-ERR invalid expire time in 'getlease' command")]
    [InlineData("getlease a stale -1", "-ERR invalid expire time in 'getlease' command")]
    [InlineData("getlease a px", "-ERR syntax error")]
    [InlineData("getlease a ex 1", "-ERR syntax error")]
    [InlineData("getlease a px x", "-ERR value is not an integer or out of range")]
    [InlineData("setlease a x value", "-ERR value is not an integer or out of range")]
    [InlineData("setlease a 1 value keepttl", "-ERR syntax error")]
    [InlineData("setlease a 1 value px 0", "-ERR invalid expire time in 'setlease' command")]
    public void What_cannot_be_meant_is_refused(string command, string error) => Assert.Equal(error, _client.Ask(command));

    [Fact]
    public void A_key_that_holds_something_else_than_a_string_has_no_lease()
    {
        _client.Ask("rpush a x");
        Assert.StartsWith("-WRONGTYPE", _client.Ask("getlease a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_may_be_loaded_at_once_and_beyond_that_callers_are_told_to_wait()
    {
        using var engine = new CacheEngine(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 1), _time, new Random(1));
        var client = new CacheClient(engine);
        var granted = 0;
        for (var i = 0; i < 10_000; i++)
            granted += client.Ask($"getlease key:{i}").Contains("granted", StringComparison.Ordinal) ? 1 : 0;

        Assert.Equal(4096, granted);
        Assert.Contains("\r\nleases:4096\r\n", client.Ask("info stats").Replace("|", "\r\n", StringComparison.Ordinal), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("granted", client.Ask("getlease another"), StringComparison.Ordinal);
    }

    private string Take(string key, string options = "")
    {
        var words = _client.Ask($"getlease {key} {options}".TrimEnd()).Split('|');
        Assert.Equal("granted", words[2]);
        return words[^2];
    }
}
