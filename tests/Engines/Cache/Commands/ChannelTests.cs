using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class ChannelTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheClient _other;

    public ChannelTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        (_client, _other) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("subscribe a", "*3|$9|subscribe|$1|a|:1")]
    [InlineData("subscribe a b", "*3|$9|subscribe|$1|a|:1|*3|$9|subscribe|$1|b|:2")]
    [InlineData("subscribe a; psubscribe b*", "*3|$10|psubscribe|$2|b*|:2")]
    [InlineData("subscribe a; ssubscribe b", "*3|$10|ssubscribe|$1|b|:1")]
    [InlineData("subscribe a; subscribe a", "*3|$9|subscribe|$1|a|:1")]
    [InlineData("unsubscribe", "*3|$11|unsubscribe|$-1|:0")]
    [InlineData("unsubscribe a", "*3|$11|unsubscribe|$1|a|:0")]
    [InlineData("psubscribe x; unsubscribe", "*3|$11|unsubscribe|$-1|:1")]
    [InlineData("subscribe a; unsubscribe", "*3|$11|unsubscribe|$1|a|:0")]
    [InlineData("subscribe a; get x", "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context")]
    [InlineData("subscribe a; ping", "*2|$4|pong|$0|")]
    [InlineData("subscribe a; ping x", "*2|$4|pong|$1|x")]
    [InlineData("subscribe a; unsubscribe; get x", "$-1")]
    [InlineData("subscribe a; reset", "+RESET")]
    [InlineData("subscribe a; reset; get x", "$-1")]
    [InlineData("hello 3; subscribe a", ">3|$9|subscribe|$1|a|:1")]
    [InlineData("hello 3; subscribe a; get x", "_")]
    [InlineData("hello 3; subscribe a; ping", "+PONG")]
    [InlineData("hello 3; subscribe a b; pubsub numsub a c", "*4|$1|a|:1|$1|c|:0")]
    [InlineData("hello 3; psubscribe a b; pubsub numpat", ":2")]
    [InlineData("hello 3; subscribe ab; pubsub channels a*", "*1|$2|ab")]
    [InlineData("hello 3; ssubscribe ab; pubsub channels", "*0")]
    [InlineData("hello 3; ssubscribe ab; pubsub shardchannels", "*1|$2|ab")]
    [InlineData("hello 3; ssubscribe ab; pubsub shardnumsub ab", "*2|$2|ab|:1")]
    [InlineData("pubsub channels a b", "-ERR unknown subcommand or wrong number of arguments for 'channels'. Try PUBSUB HELP.")]
    [InlineData("publish a b", ":0")]
    [InlineData("multi; publish a b; exec", "*1|:0")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = _client.Ask(line);
        Assert.Equal(answer, last);
    }

    [Fact]
    public void Who_wants_no_answers_is_told_all_the_same_what_it_listens_to()
    {
        Assert.Equal("", _client.AskAll("hello 3; client reply off; subscribe a; psubscribe b*; punsubscribe b*; unsubscribe; unsubscribe"));
        Assert.Equal(
            ">3|$9|subscribe|$1|a|:1|>3|$10|psubscribe|$2|b*|:2|>3|$12|punsubscribe|$2|b*|:1|>3|$11|unsubscribe|$1|a|:0|>3|$11|unsubscribe|_|:0|",
            _client.Posted);
    }

    [Fact]
    public void A_message_comes_once_for_each_way_in_which_a_client_listens()
    {
        _client.Ask("subscribe news");
        _client.Ask("psubscribe n*");
        Assert.Equal(":2", _other.Ask("publish news hello"));
        Assert.Equal("*3|$7|message|$4|news|$5|hello|*4|$8|pmessage|$2|n*|$4|news|$5|hello|", _client.Posted);
        Assert.Equal(ClientKind.PubSub, _client.Kind);
    }

    [Fact]
    public void A_message_comes_in_the_version_of_the_protocol_that_each_client_speaks()
    {
        _client.Ask("subscribe news");
        _other.Ask("hello 3");
        _other.Ask("subscribe news");
        Assert.Equal(":2", _other.Ask("publish news x"));
        Assert.Equal("*3|$7|message|$4|news|$1|x|", _client.Posted);
        Assert.Equal(">3|$7|message|$4|news|$1|x|", _other.Posted);
    }

    [Fact]
    public void A_shards_channels_are_apart_from_the_others()
    {
        _client.Ask("ssubscribe news");
        _client.Ask("psubscribe *");
        Assert.Equal(":1", _other.Ask("spublish news x"));
        Assert.Equal("*3|$8|smessage|$4|news|$1|x|", _client.Posted);
    }

    [Fact]
    public void Whoever_leaves_gets_no_more_messages()
    {
        _client.Ask("subscribe news");
        _client.Close(CloseReason.ByClient);
        Assert.Equal(":0", _other.Ask("publish news x"));
        Assert.Equal("*0", _other.Ask("pubsub channels"));
        Assert.Equal("", _client.Posted);
    }

    [Theory]
    [InlineData("KEA", "set a b", "set")]
    [InlineData("KEA", "setex a 10 b", "set,expire")]
    [InlineData("KEA", "set a b; set a c keepttl", "set,set")]
    [InlineData("KEA", "incr a", "incrby")]
    [InlineData("KEA", "set a b; expire a 10", "set,expire")]
    [InlineData("KEA", "set a b; expire a -1", "set,del")]
    [InlineData("KEA", "set a b ex 10; persist a", "set,expire,persist")]
    [InlineData("KEA", "set a b; del a", "set,del")]
    [InlineData("KEA", "set a b; getdel a", "set,del")]
    [InlineData("KEA", "get a", "")]
    [InlineData("KEAm", "get a", "keymiss")]
    [InlineData("KEAn", "set a b; set a c", "new,set,set")]
    [InlineData("KEg", "set a b; del a", "del")]
    [InlineData("E$", "set a b; del a", "")]
    [InlineData("KA", "set b 1; rename b a", "rename_to")]
    [InlineData("KA", "set b 1; copy b a", "copy_to")]
    [InlineData("KA", "set a 1; move a 1", "set,move_from")]
    [InlineData("KA", "sadd a x y; smove a b x", "sadd,srem")]
    [InlineData("KA", "sadd a x; smove a b x", "sadd,srem,del")]
    [InlineData("KA", "sadd b x; smove b a x", "sadd")]
    [InlineData("KA", "rpush a x y; lmove a b left right; rpoplpush a b", "rpush,lpop,rpop,del")]
    [InlineData("KA", "rpush b x y; lmove b a left right; rpoplpush b a", "rpush,lpush")]
    [InlineData("KA", "rpush a x y; lmove a a left right", "rpush,rpush,lpop")]
    [InlineData("KA", "rpush a x y; lmpop 1 a right; blmpop 0 1 a left", "rpush,rpop,lpop,del")]
    [InlineData("KA", "zadd a 1 x 2 y; zmpop 1 a max; bzmpop 0 1 a min", "zadd,zpopmax,zpopmin,del")]
    [InlineData("KA", "set a x; sinterstore a none", "set,del")]
    [InlineData("KA", "sadd b x; sunionstore a b; zunionstore a 1 b", "sunionstore,zunionstore")]
    [InlineData("KA", "rpush b 1; sort b store a", "sortstore")]
    [InlineData("", "set a b", "")]
    public void Changes_of_a_key_are_told_as_far_as_that_is_asked(string classes, string lines, string events)
    {
        _client.Ask("hello 3");
        _client.Ask("config", "set", "notify-keyspace-events", classes);
        _client.Ask("subscribe __keyspace@0__:a");
        foreach (var line in lines.Split("; "))
            _other.Ask(line);
        var told = _client.Posted.Split('|').Where((_, i) => i % 7 == 6);
        Assert.Equal(events, string.Join(',', told));
    }

    [Fact]
    public void A_key_whose_time_is_over_is_told_on_the_channel_of_that_event()
    {
        _client.Ask("config set notify-keyspace-events Ex");
        _client.Ask("subscribe __keyevent@0__:expired");
        _other.Ask("set a b px 10");
        _time.Advance(TimeSpan.FromMilliseconds(11));
        _other.Ask("get a");
        Assert.Equal("*3|$7|message|$22|__keyevent@0__:expired|$1|a|", _client.Posted);
    }

    [Fact]
    public void A_monitor_sees_what_others_ask_for_but_no_passwords()
    {
        Assert.Equal("+OK", _client.Ask("monitor"));
        _other.Ask("select 2");
        _other.Ask("set", "a", "\"\n\u0001");
        _other.Ask("auth secret");
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $"+{seconds}.000000 [0 ?:0] \"select\" \"2\"|+{seconds}.000000 [2 ?:0] \"set\" \"a\" \"\\\"\\n\\x01\"|",
            _client.Posted);
    }

    [Fact]
    public void A_monitor_sees_a_transaction_in_the_order_in_which_it_was_asked_for()
    {
        _client.Ask("monitor");
        _other.AskAll("multi; set a b; exec");
        Assert.Equal(["multi", "set", "exec"], _client.Posted.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('"')[1]));
    }
}
