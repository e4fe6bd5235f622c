using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands.Tracking;

public sealed class TrackingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _reader;
    private readonly CacheClient _writer;

    public TrackingTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        (_reader, _writer) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("client tracking maybe", "-ERR syntax error")]
    [InlineData("client tracking on nonsense", "-ERR syntax error")]
    [InlineData("client tracking on redirect", "-ERR syntax error")]
    [InlineData("client tracking on redirect x", "-ERR value is not an integer or out of range")]
    [InlineData("client tracking on redirect 99999999", "-ERR The client ID you want redirect to does not exist")]
    [InlineData("client tracking on prefix a", "-ERR PREFIX option requires BCAST mode to be enabled")]
    [InlineData("client tracking on bcast optin", "-ERR OPTIN and OPTOUT are not compatible with BCAST")]
    [InlineData("client tracking on optin optout", "-ERR You can't specify both OPTIN mode and OPTOUT mode")]
    [InlineData("client tracking on; client tracking on bcast", "-ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.")]
    [InlineData("client tracking on optin; client tracking on optout", "-ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.")]
    [InlineData("client tracking on bcast prefix FOO prefix FOOBAR", "-ERR Prefix 'FOO' overlaps with another provided prefix 'FOOBAR'. Prefixes for a single client must not overlap.")]
    [InlineData("client tracking on bcast prefix FOO; client tracking on bcast prefix FO", "-ERR Prefix 'FO' overlaps with an existing prefix 'FOO'. Prefixes for a single client must not overlap.")]
    [InlineData("client caching yes", "-ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled")]
    [InlineData("client tracking on; client caching yes", "-ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")]
    [InlineData("client tracking on optin; client caching no", "-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")]
    [InlineData("client tracking on optin; client caching maybe", "-ERR syntax error")]
    [InlineData("client tracking on; client getredir", ":0")]
    [InlineData("client tracking on; client tracking off; client getredir", ":-1")]
    [InlineData("client tracking on; reset; client getredir", ":-1")]
    [InlineData("client tracking on optin noloop; client caching yes; client trackinginfo", "*6|$5|flags|*4|$2|on|$5|optin|$11|caching-yes|$6|noloop|$8|redirect|:0|$8|prefixes|*0")]
    [InlineData("client tracking on bcast; client trackinginfo", "*6|$5|flags|*2|$2|on|$5|bcast|$8|redirect|:0|$8|prefixes|*1|$0|")]
    [InlineData("client tracking on bcast prefix b prefix a; client trackinginfo", "*6|$5|flags|*2|$2|on|$5|bcast|$8|redirect|:0|$8|prefixes|*2|$1|a|$1|b")]
    public void Answers_are_those_of_redis(string lines, string answer) => Assert.Equal(answer, _reader.AskAll(lines));

    [Theory]
    [InlineData("set a 1")]
    [InlineData("set a 0 xx")]
    [InlineData("del a")]
    [InlineData("incr a")]
    [InlineData("expire a 100")]
    [InlineData("rename a b")]
    [InlineData("rename b a")]
    [InlineData("move a 1")]
    [InlineData("multi; incr a; exec")]
    public void A_client_is_told_once_when_a_key_changes_that_it_has_read(string change)
    {
        _writer.AskAll("set a 0; set b 0");
        _reader.AskAll("hello 3; client tracking on; get a");
        _writer.AskAll(change);
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
        _writer.Ask("set a 2");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Theory]
    [InlineData("get a")]
    [InlineData("mget b a")]
    [InlineData("exists a")]
    [InlineData("multi; get a; exec")]
    [InlineData("object encoding a")]
    public void Every_command_that_only_reads_counts_as_reading(string read)
    {
        _reader.AskAll("hello 3; client tracking on");
        _reader.AskAll(read);
        _writer.Ask("set a 1");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Theory]
    [InlineData("set a 1")]
    [InlineData("getset a 1")]
    [InlineData("getdel a")]
    [InlineData("watch a")]
    [InlineData("keys *")]
    public void What_writes_or_only_looks_around_does_not(string command)
    {
        _reader.AskAll("hello 3; client tracking on");
        _reader.Ask(command);
        _writer.Ask("set a 2");
        Assert.Equal("", _reader.Posted);
    }

    [Fact]
    public void A_key_that_was_not_there_is_told_when_it_comes()
    {
        _reader.AskAll("hello 3; client tracking on; get a");
        _writer.Ask("set a 1");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Fact]
    public void A_key_whose_time_is_over_is_told()
    {
        _writer.Ask("set a 1 px 10");
        _reader.AskAll("hello 3; client tracking on; get a");
        _time.Advance(TimeSpan.FromMilliseconds(11));
        _engine.Maintain(1000);
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Fact]
    public void Whoever_finds_a_keys_time_over_has_read_that_it_is_not_there()
    {
        _writer.Ask("set a 1 px 10");
        _reader.AskAll("hello 3; client tracking on");
        _time.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal("_", _reader.Ask("get a"));
        Assert.Equal("", _reader.Posted);
        _writer.Ask("set a 2");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Fact]
    public void A_key_that_had_to_leave_for_others_is_told()
    {
        using var engine = new CacheEngine(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 4), _time, new Random(1));
        var (reader, writer) = (new CacheClient(engine), new CacheClient(engine));
        reader.AskAll("hello 3; client tracking on; set first 1; get first");
        _time.Advance(TimeSpan.FromSeconds(10));
        var value = new string('x', 1000);
        for (var i = 0; i < 8000; i++)
            writer.Ask("set", $"key{i}", value);
        Assert.Equal("_", reader.Ask("get first"));
        Assert.Equal(">2|$10|invalidate|*1|$5|first|", reader.Posted);
    }

    [Theory]
    [InlineData("flushall")]
    [InlineData("flushdb")]
    [InlineData("set b 1; select 1; set c 1; flushdb")]
    public void Where_a_database_is_emptied_all_keys_are_told_at_once(string lines)
    {
        _reader.AskAll("hello 3; client tracking on; get a; get b");
        _reader.Ask("ping");
        _writer.AskAll(lines);
        Assert.EndsWith(">2|$10|invalidate|_|", _reader.Posted);
        Assert.Contains("tracking_total_keys:0|", _reader.Ask("info stats"));
    }

    [Fact]
    public void An_emptied_database_is_one_message_to_those_who_follow_prefixes()
    {
        _writer.AskAll("set b 1; select 1; set c 1");
        _reader.AskAll("hello 3; client tracking on bcast");
        _writer.Ask("flushdb");
        Assert.Equal(">2|$10|invalidate|_|", _reader.Posted);
    }

    [Fact]
    public void Own_changes_are_told_unless_that_is_not_wished()
    {
        _reader.AskAll("hello 3; client tracking on; get a; set a 1");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
        _writer.AskAll("hello 3; client tracking on noloop; get a; set a 1");
        Assert.Equal("", _writer.Posted);
    }

    [Fact]
    public void Keys_that_expire_are_told_also_to_who_does_not_wish_to_hear_of_its_own_changes()
    {
        _reader.AskAll("hello 3; client tracking on bcast noloop; set a 1 px 10; set b 1");
        Assert.Equal("", _reader.Posted);
        _time.Advance(TimeSpan.FromMilliseconds(11));
        _reader.Ask("get a");
        Assert.Equal(">2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Fact]
    public void Prefixes_are_told_of_keys_that_nobody_has_read()
    {
        _reader.AskAll("hello 3; client tracking on bcast prefix a: prefix b:");
        _writer.AskAll("set a:1 x; set c:1 x; set a x; set b:1 x");
        Assert.Equal(">2|$10|invalidate|*1|$3|a:1|>2|$10|invalidate|*1|$3|b:1|", _reader.Posted);
    }

    [Fact]
    public void What_a_transaction_changes_is_one_message_for_each_prefix()
    {
        _reader.AskAll("hello 3; client tracking on bcast prefix a: prefix b:");
        _writer.AskAll("multi; set a:1 x; set b:1 x; set a:2 x; incr c; exec");
        Assert.Equal(">2|$10|invalidate|*2|$3|a:1|$3|a:2|>2|$10|invalidate|*1|$3|b:1|", _reader.Posted);
    }

    [Fact]
    public void A_key_under_several_clients_prefixes_is_told_to_each_of_them()
    {
        var third = new CacheClient(_engine);
        _reader.AskAll("hello 3; client tracking on bcast");
        third.AskAll("hello 3; client tracking on bcast prefix user:1");
        _writer.AskAll("set user:12 x; set user:2 x");
        Assert.Equal(">2|$10|invalidate|*1|$7|user:12|>2|$10|invalidate|*1|$6|user:2|", _reader.Posted);
        Assert.Equal(">2|$10|invalidate|*1|$7|user:12|", third.Posted);
    }

    [Fact]
    public void Opting_in_holds_for_the_next_command_or_transaction()
    {
        _reader.AskAll("hello 3; client tracking on optin; get a; client caching yes; get b; get c; client caching yes; multi; get d; get e; exec; get f");
        _writer.AskAll("mset a 1 b 1 c 1; mset d 1 e 1 f 1");
        Assert.Equal(">2|$10|invalidate|*1|$1|b|>2|$10|invalidate|*1|$1|d|>2|$10|invalidate|*1|$1|e|", _reader.Posted);
    }

    [Fact]
    public void Opting_out_holds_for_the_next_command()
    {
        _reader.AskAll("hello 3; client tracking on optout; client caching no; get a; get b");
        _writer.AskAll("mset a 1 b 1");
        Assert.Equal(">2|$10|invalidate|*1|$1|b|", _reader.Posted);
    }

    [Fact]
    public void In_the_older_protocol_another_connection_that_is_subscribed_is_told()
    {
        var told = new CacheClient(_engine);
        var id = told.Ask("client id")[1..];
        told.Ask("subscribe __redis__:invalidate");
        _reader.AskAll($"client tracking on redirect {id}; get a");
        _writer.AskAll("set a 1; flushall");
        Assert.Equal(
            "*3|$7|message|$20|__redis__:invalidate|*1|$1|a|*3|$7|message|$20|__redis__:invalidate|$-1|",
            told.Posted);
        Assert.Equal("", _reader.Posted);
        Assert.Equal($":{id}", _reader.Ask("client getredir"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_learns_that_who_was_told_in_its_place_has_left(bool saysSo)
    {
        var told = new CacheClient(_engine);
        var id = told.Ask("client id")[1..];
        _reader.AskAll($"hello 3; client tracking on redirect {id}; get a");
        if (saysSo)
            told.Ask("quit");
        else
            told.Close(CloseReason.ByClient);
        _writer.Ask("set a 1");
        Assert.Equal($">2|$21|tracking-redir-broken|:{id}|", _reader.Posted);
        Assert.Contains("|$15|broken_redirect|", _reader.Ask("client trackinginfo"));
        Assert.Contains(" flags=tR ", _reader.Ask("client info"));
        Assert.Contains($" redir={id} ", _reader.Ask("client info"));
    }

    [Fact]
    public void A_client_that_waited_gets_its_answer_before_what_it_is_told()
    {
        _writer.Ask("rpush list2 a");
        _reader.AskAll("hello 3; client tracking on; lrange list2 0 -1; blmove list1 list2 left left 0");
        _writer.Ask("rpush list1 foo");
        Assert.Equal("$3|foo|>2|$10|invalidate|*1|$5|list2|", _reader.Posted);
    }

    [Fact]
    public void A_command_that_was_held_back_is_answered_before_what_it_changed_is_told()
    {
        _reader.AskAll("hello 3; client tracking on; get a");
        _writer.Ask("client pause 100000");
        _reader.Ask("set a 1");
        _writer.Ask("client unpause");
        Assert.Equal("+OK|>2|$10|invalidate|*1|$1|a|", _reader.Posted);
    }

    [Fact]
    public void Beyond_the_most_keys_some_are_forgotten_and_told()
    {
        _reader.AskAll("hello 3; client tracking on; config set tracking-table-max-keys 10");
        for (var i = 0; i < 50; i++)
            _reader.Ask($"get key{i}");
        Assert.Contains("tracking_total_keys:10|", _reader.Ask("info stats"));
        Assert.Equal(40, _reader.Posted.Split("invalidate").Length - 1);
        _reader.Ask("config set tracking-table-max-keys 1");
        Assert.Contains("tracking_total_keys:1|", _reader.Ask("info stats"));
        Assert.Equal(49, _reader.Posted.Split("invalidate").Length - 1);
    }

    [Fact]
    public void Readers_of_one_key_are_bounded_too()
    {
        var clients = Enumerable.Range(0, 40).Select(_ => new CacheClient(_engine)).ToList();
        _writer.Ask("config set tracking-table-max-keys 2");
        foreach (var client in clients)
            client.AskAll("hello 3; client tracking on; get a; get b");
        var items = int.Parse(_writer.Ask("info stats").Split("tracking_total_items:")[1].Split('|')[0], null);
        Assert.InRange(items, 1, 24);
    }

    [Fact]
    public void A_reader_that_has_left_makes_room_for_another()
    {
        _writer.AskAll("hello 3; client tracking on; get a");
        for (var i = 0; i < 1000; i++)
        {
            var client = new CacheClient(_engine);
            client.AskAll("hello 3; client tracking on; get a");
            client.Close(CloseReason.ByClient);
        }

        Assert.Contains("tracking_total_items:", _writer.Ask("info stats"));
        var items = int.Parse(_writer.Ask("info stats").Split("tracking_total_items:")[1].Split('|')[0], null);
        Assert.InRange(items, 1, 16);
    }

    [Fact]
    public void When_the_last_one_stops_nothing_is_remembered()
    {
        _reader.AskAll("hello 3; client tracking on; get a; mget b c d");
        _writer.AskAll("hello 3; client tracking on bcast");
        Assert.Contains("tracking_clients:2|", _reader.Ask("info clients"));
        Assert.Contains("tracking_total_keys:4|tracking_total_items:4|tracking_total_prefixes:1|", _reader.Ask("info stats"));
        _reader.Close(CloseReason.ByClient);
        _writer.Ask("client tracking off");
        Assert.Contains("tracking_clients:0|", _writer.Ask("info clients"));
        Assert.Contains("tracking_total_keys:0|tracking_total_items:0|tracking_total_prefixes:0|", _writer.Ask("info stats"));
    }

    [Fact]
    public void Exchanging_two_databases_is_not_told()
    {
        _reader.AskAll("hello 3; set a 1; client tracking on; get a");
        _writer.Ask("swapdb 0 1");
        Assert.Equal("", _reader.Posted);
    }
}
