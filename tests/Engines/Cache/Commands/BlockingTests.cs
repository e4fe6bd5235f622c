using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class BlockingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _writer;

    public BlockingTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        _writer = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("blpop a b 0", "rpush b x y", "*2|$1|b|$1|x|")]
    [InlineData("brpop a b 0", "rpush b x y", "*2|$1|b|$1|y|")]
    [InlineData("blmove a t left right 0", "rpush a x y", "$1|x|")]
    [InlineData("brpoplpush a t 0", "rpush a x y", "$1|y|")]
    [InlineData("blmpop 0 2 a b left count 2", "rpush b x y z", "*2|$1|b|*2|$1|x|$1|y|")]
    [InlineData("blpop a 0", "set a x; del a; rpush a y", "*2|$1|a|$1|y|")]
    [InlineData("blmove a t left right 0", "set t x; rpush a x", "-WRONGTYPE Operation against a key holding the wrong kind of value|")]
    [InlineData("blpop a 0", "rpush b x; lmove b a left left", "*2|$1|a|$1|x|")]
    [InlineData("bzpopmin a b 0", "zadd b 2 x 1 y", "*3|$1|b|$1|y|$1|1|")]
    [InlineData("bzpopmax a b 0", "zadd b 2 x 1 y", "*3|$1|b|$1|x|$1|2|")]
    [InlineData("bzmpop 0 2 a b max count 2", "zadd b 2 x 1 y", "*2|$1|b|*2|*2|$1|x|$1|2|*2|$1|y|$1|1|")]
    [InlineData("bzpopmin a 0", "rpush a x; del a; zadd a 1 x", "*3|$1|a|$1|x|$1|1|")]
    [InlineData("bzpopmin a 0", "zadd b 1 x; zunionstore a 1 b", "*3|$1|a|$1|x|$1|1|")]
    public void Who_waits_is_answered_when_a_key_is_written(string asked, string written, string answer)
    {
        var client = Waiting(asked);
        _writer.AskAll(written);
        Assert.Equal(answer, client.Posted);
        Assert.False(client.IsPaused);
    }

    [Theory]
    [InlineData("blpop a 1.5")]
    [InlineData("blmove a b left right 1.5")]
    [InlineData("brpoplpush a b 1.5")]
    [InlineData("blmpop 1.5 1 a left")]
    [InlineData("bzpopmin a 1.5")]
    [InlineData("bzmpop 1.5 1 a min")]
    public void A_time_that_is_over_is_answered_by_nothing(string asked)
    {
        var client = Waiting(asked);
        _time.Advance(TimeSpan.FromMilliseconds(1_499));
        Assert.Equal("", client.Posted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("*-1|", client.Posted);
        Assert.False(client.IsPaused);
        Assert.Equal(":1", _writer.Ask("rpush a x"));
        Assert.Equal(":1", _writer.Ask("llen a"));
    }

    [Fact]
    public void Zero_waits_for_as_long_as_it_takes()
    {
        var client = Waiting("blpop a 0");
        _time.Advance(TimeSpan.FromDays(400));
        Assert.True(client.IsPaused);
        _writer.Ask("rpush a x");
        Assert.Equal("*2|$1|a|$1|x|", client.Posted);
    }

    [Fact]
    public void Who_came_first_is_served_first()
    {
        CacheClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => Waiting("blpop a 0"))];
        _writer.Ask("rpush a 1 2 3");
        Assert.Equal(["*2|$1|a|$1|1|", "*2|$1|a|$1|2|", "*2|$1|a|$1|3|", "", ""], clients.Select(c => c.Posted));
        _writer.Ask("rpush a 4");
        Assert.Equal("*2|$1|a|$1|4|", clients[3].Posted);
        Assert.True(clients[4].IsPaused);
    }

    [Fact]
    public void Twenty_thousand_who_wait_for_one_key_are_served_by_one_write()
    {
        CacheClient[] clients = [.. Enumerable.Range(0, 20_000).Select(_ => Waiting("blpop a 0"))];
        _writer.Ask([.. Enumerable.Range(0, clients.Length).Select(n => $"{n}").Prepend("a").Prepend("rpush")]);
        for (var i = 0; i < clients.Length; i++)
            Assert.EndsWith($"|{i}|", clients[i].Posted, StringComparison.Ordinal);
        Assert.Equal(":0", _writer.Ask("exists a"));
    }

    [Fact]
    public void Who_waits_for_many_keys_is_woken_by_the_last_of_them()
    {
        var keys = Enumerable.Range(0, 200).Select(n => $"key:{n}").ToArray();
        var client = new CacheClient(_engine);
        client.Ask([.. keys.Prepend("blpop").Append("0")]);
        _writer.Ask("rpush key:199 x");
        Assert.Equal("*2|$7|key:199|$1|x|", client.Posted);
    }

    [Fact]
    public void Who_left_or_was_answered_takes_nothing_more()
    {
        var (first, second) = (Waiting("blpop a b 0"), Waiting("blpop a 0"));
        first.Close(CloseReason.ByClient);
        _writer.Ask("rpush a x");
        Assert.Equal("", first.Posted);
        Assert.Equal("*2|$1|a|$1|x|", second.Posted);
        _writer.Ask("rpush a y");
        _writer.Ask("rpush b z");
        Assert.Equal(["$1|y", "$1|z"], [_writer.Ask("lindex a 0"), _writer.Ask("lindex b 0")]);
    }

    [Fact]
    public void Moves_from_list_to_list_go_on_along_those_who_wait()
    {
        var last = Waiting("blpop c 0");
        var middle = Waiting("blmove b c left left 0");
        var first = Waiting("blmove a b left left 0");
        _writer.Ask("rpush a x");
        Assert.Equal(["$1|x|", "$1|x|", "*2|$1|c|$1|x|"], [first.Posted, middle.Posted, last.Posted]);
        Assert.Equal(0, _engine.Keyspace.Count(0));
    }

    [Fact]
    public void Another_kind_of_value_leaves_those_who_wait_where_they_are()
    {
        var client = Waiting("blpop a b 0");
        _writer.Ask("set a x");
        Assert.Equal("", client.Posted);
        _writer.Ask("rpush b y");
        Assert.Equal("*2|$1|b|$1|y|", client.Posted);
    }

    [Fact]
    public void Who_waits_for_another_kind_of_value_is_passed_over()
    {
        var (sorted, list) = (Waiting("bzpopmin a 0"), Waiting("blpop a 0"));
        _writer.Ask("rpush a x");
        Assert.Equal(["", "*2|$1|a|$1|x|"], [sorted.Posted, list.Posted]);
        _writer.Ask("zadd a 1 y");
        Assert.Equal("*3|$1|a|$1|y|$1|1|", sorted.Posted);
    }

    [Fact]
    public void A_client_waits_again_after_it_was_answered()
    {
        var client = Waiting("blpop a 0");
        _writer.Ask("rpush a 1");
        Assert.Equal("", client.Ask("blpop a 0"));
        _writer.Ask("rpush a 2");
        Assert.Equal("*2|$1|a|$1|1|*2|$1|a|$1|2|", client.Posted);
    }

    [Fact]
    public async Task Every_element_goes_to_just_one_of_those_who_wait_whatever_the_threads()
    {
        const int Elements = 4_000;
        var cancel = TestContext.Current.CancellationToken;
        var taken = new int[Elements];
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                var client = new CacheClient(_engine);
                var seen = 0;
                for (var left = Elements / 2; left > 0; left--)
                {
                    var answer = client.Ask("blpop a b 0");
                    while (client.IsPaused)
                    {
                        cancel.ThrowIfCancellationRequested();
                        Thread.Yield();
                    }

                    if (answer.Length == 0)
                        (answer, seen) = (client.Posted[seen..], client.Posted.Length);

                    Interlocked.Increment(ref taken[int.Parse(answer.TrimEnd('|').Split('|')[^1], System.Globalization.CultureInfo.InvariantCulture)]);
                }
            },
            cancel)).ToArray();
        var writers = Enumerable.Range(0, 2).Select(n => Task.Run(
            () =>
            {
                var client = new CacheClient(_engine);
                for (var i = n; i < Elements; i += 2)
                    client.Ask("rpush", i % 3 == 0 ? "a" : "b", $"{i}");
            },
            cancel)).ToArray();
        await Task.WhenAll([.. readers, .. writers]);
        Assert.All(taken, times => Assert.Equal(1, times));
    }

    private CacheClient Waiting(string line)
    {
        var client = new CacheClient(_engine);
        Assert.Equal("", client.Ask(line));
        Assert.True(client.IsPaused);
        return client;
    }
}
