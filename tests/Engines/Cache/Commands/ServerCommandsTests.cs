using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class ServerCommandsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;

    public ServerCommandsTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("config get maxmemory", "*2|$9|maxmemory|$1|0")]
    [InlineData("config get LFU-d* lfu-log-factor", "*4|$14|lfu-decay-time|$1|1|$14|lfu-log-factor|$2|10")]
    [InlineData("config get nonsense", "*0")]
    [InlineData("config set maxmemory 100mb; config get maxmemory", "*2|$9|maxmemory|$9|104857600")]
    [InlineData("config set maxmemory 1k; config get maxmemory", "*2|$9|maxmemory|$4|1000")]
    [InlineData("config set maxmemory x", "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value")]
    [InlineData("config set nonsense 1", "-ERR Unknown option or number of arguments for CONFIG SET - 'nonsense'")]
    [InlineData("config set maxmemory 1 maxmemory 2", "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - duplicate parameter")]
    [InlineData("config set maxmemory 1 maxmemory", "-ERR syntax error")]
    [InlineData("config set databases 3", "-ERR CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config")]
    [InlineData("config set maxmemory-policy allkeys-lru lfu-decay-time x; config get maxmemory-policy", "*2|$16|maxmemory-policy|$10|noeviction")]
    [InlineData("config set maxmemory-policy ALLKEYS-LFU; config get maxmemory-policy", "*2|$16|maxmemory-policy|$11|allkeys-lfu")]
    [InlineData("config set notify-keyspace-events KEA; config get notify-keyspace-events", "*2|$22|notify-keyspace-events|$3|AKE")]
    [InlineData("config set notify-keyspace-events Kl$; config get notify-keyspace-events", "*2|$22|notify-keyspace-events|$3|$lK")]
    [InlineData("config set hash-max-listpack-entries 5; config get hash-max-ziplist-entries", "*2|$24|hash-max-ziplist-entries|$1|5")]
    [InlineData("config set hash-max-listpack-entries 2; hset h a 1 b 2; object encoding h", "$8|listpack")]
    [InlineData("config set hash-max-listpack-entries 2; hset h a 1 b 2 c 3; object encoding h", "$9|hashtable")]
    [InlineData("config set hash-max-ziplist-value 3; hset h a 1234; object encoding h", "$9|hashtable")]
    [InlineData("config set zset-max-listpack-entries 1; zadd z 1 a 2 b; object encoding z", "$8|skiplist")]
    [InlineData("config set zset-max-listpack-entries 1; zadd z 1 a 2 b; zunionstore y 1 z; object encoding y", "$8|skiplist")]
    [InlineData("config set zset-max-ziplist-value 1; zadd z 1 ab; object encoding z", "$8|skiplist")]
    [InlineData("config set set-max-intset-entries 2; sadd s 1 2 3; object encoding s", "$9|hashtable")]
    [InlineData("config set set-max-intset-entries 2; sadd s 1 2; object encoding s", "$6|intset")]
    [InlineData("config set set-max-intset-entries 2; sadd s 1 2 3; sunionstore t s; object encoding t", "$9|hashtable")]
    [InlineData("config set set-max-intset-entries -1", "-ERR CONFIG SET failed (possibly related to argument 'set-max-intset-entries') - argument must be between 0 and 2147483647 inclusive")]
    [InlineData("config set list-compress-depth 1", "-ERR CONFIG SET failed (possibly related to argument 'list-compress-depth') - can't set immutable config")]
    [InlineData("function flush", "+OK")]
    [InlineData("function flush async", "+OK")]
    [InlineData("function flush now", "-ERR FUNCTION FLUSH only supports SYNC|ASYNC option")]
    [InlineData("function list", "*0")]
    [InlineData("config set appendonly no", "+OK")]
    [InlineData("config get save", "*2|$4|save|$0|")]
    [InlineData("command count x", "-ERR wrong number of arguments for 'command|count' command")]
    [InlineData("command getkeys set a b", "*1|$1|a")]
    [InlineData("command getkeys mset a 1 b 2", "*2|$1|a|$1|b")]
    [InlineData("command getkeys ping x", "-ERR The command has no key arguments")]
    [InlineData("command getkeys nonsense x", "-ERR Invalid command specified")]
    [InlineData("command getkeys get x y", "-ERR Invalid number of arguments specified for command")]
    [InlineData("command getkeysandflags get a", "*1|*2|$1|a|*2|+RO|+access")]
    [InlineData("command list filterby pattern xx*", "*0")]
    [InlineData("command list filterby pattern getd*", "*1|$6|getdel")]
    [InlineData("command list filterby module none", "*0")]
    [InlineData("command list nonsense", "-ERR syntax error")]
    [InlineData("command info nonsense", "*1|$-1")]
    [InlineData("command docs nonsense", "*0")]
    [InlineData("slowlog len", ":0")]
    [InlineData("slowlog get -2", "-ERR count should be greater than or equal to -1")]
    [InlineData("config set slowlog-log-slower-than 0; ping; slowlog reset; ping; slowlog len", ":2")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = _client.Ask(line);
        Assert.Equal(answer, last);
    }

    [Fact]
    public void A_command_is_described_in_ten_elements_with_where_its_keys_are()
    {
        const string Spec = "*6|$5|flags|*2|+RO|+access|$12|begin_search|*4|$4|type|$5|index|$4|spec|*2|$5|index|:1|"
            + "$9|find_keys|*4|$4|type|$5|range|$4|spec|*6|$7|lastkey|:0|$7|keystep|:1|$5|limit|:0";
        Assert.Equal(
            $"*1|*10|$3|get|:2|*2|+readonly|+fast|:1|:1|:1|*3|+@string|+@read|+@fast|*0|*1|{Spec}|*0",
            _client.Ask("command info get"));
    }

    [Fact]
    public void Every_command_is_described_and_what_stands_under_it()
    {
        Assert.StartsWith($"*{_engine.Commands.All.Count()}|*10|", _client.Ask("command"), StringComparison.Ordinal);
        foreach (var command in _engine.Commands.All)
            Assert.StartsWith($"*2|${command.Name.Length}|{command.Name}|", _client.Ask($"command docs {command.Name}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_are_counted_and_errors_by_their_code()
    {
        _client.Ask("set a b");
        _client.Ask("incr a");
        _client.Ask("get");
        _client.Ask("get a");
        var info = _client.Ask("info commandstats errorstats stats");
        Assert.Contains("cmdstat_set:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=0", info, StringComparison.Ordinal);
        Assert.Contains("cmdstat_incr:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1", info, StringComparison.Ordinal);
        Assert.Contains("cmdstat_get:calls=1,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0", info, StringComparison.Ordinal);
        Assert.Contains("errorstat_ERR:count=2", info, StringComparison.Ordinal);
        Assert.Contains("total_commands_processed:3|", info, StringComparison.Ordinal);
        Assert.Contains("keyspace_hits:1|", info, StringComparison.Ordinal);
        _client.Ask("config resetstat");
        info = _client.Ask("info commandstats errorstats");
        Assert.DoesNotContain("cmdstat_set", info, StringComparison.Ordinal);
        Assert.DoesNotContain("errorstat_", info, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_for_want_of_memory_counts_as_refused_and_not_as_run()
    {
        _client.AskAll("config set maxmemory 1; config resetstat");
        Assert.StartsWith("-OOM", _client.Ask("set a b"), StringComparison.Ordinal);
        var info = _client.Ask("info commandstats errorstats");
        Assert.Contains("cmdstat_set:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0", info, StringComparison.Ordinal);
        Assert.Contains("errorstat_OOM:count=1", info, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_that_is_ended_with_an_error_counts_as_failed()
    {
        var waiter = new CacheClient(_engine);
        waiter.Ask("blpop a 0");
        Assert.Equal(":1", _client.Ask($"client unblock {waiter.Id} error"));
        var info = _client.Ask("info commandstats errorstats");
        Assert.Contains("cmdstat_blpop:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1", info, StringComparison.Ordinal);
        Assert.Contains("errorstat_UNBLOCKED:count=1", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public void A_bound_that_is_lowered_is_kept_without_anybody_writing(string policy)
    {
        _client.Ask($"config set maxmemory-policy {policy}");
        for (var i = 0; i < 20_000; i++)
            _client.Ask($"setex key:{i} 1000 {new string('x', 300)}");
        _client.Ask("config set maxmemory 4mb");
        while (_engine.Maintain(100))
        {
        }

        Assert.InRange(_engine.Keyspace.Pool.Held, 2 << 20, 4 << 20);
        Assert.NotEqual(":0", _client.Ask("dbsize"));
    }

    [Theory]
    [InlineData("debug protocol integer", ":12345")]
    [InlineData("debug protocol map", "*6|:0|:0|:1|:1|:2|:0")]
    [InlineData("debug protocol attrib", "$39|Some real reply following the attribute")]
    [InlineData("debug protocol push", "-ERR RESP2 is not supported by this command")]
    [InlineData("hello 3; debug protocol map", "%3|:0|#f|:1|#t|:2|#f")]
    [InlineData("hello 3; debug protocol set", "~3|:0|:1|:2")]
    [InlineData("hello 3; debug protocol double", ",3.141")]
    [InlineData("hello 3; debug protocol bignum", "(1234567999999999999999999999999999999")]
    [InlineData("hello 3; debug protocol null", "_")]
    [InlineData("hello 3; debug protocol verbatim", "=29|txt:This is a verbatim\nstring")]
    [InlineData("hello 3; debug protocol attrib", "|1|$14|key-popularity|*2|$7|key:123|:90|$39|Some real reply following the attribute")]
    [InlineData("hello 3; debug protocol push", ">2|$16|server-cpu-usage|:42|$40|Some real reply following the push reply")]
    public void Who_writes_a_client_can_have_an_answer_of_every_type(string lines, string answer)
    {
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 1), _time, new Random(1)) { Debug = DebugAccess.Local };
        Assert.Equal(answer, new CacheClient(engine).AskAll(lines));
    }

    [Fact]
    public void A_transactions_commands_are_counted_each()
    {
        foreach (var line in (string[])["multi", "set a b", "incr a", "exec"])
            _client.Ask(line);
        var info = _client.Ask("info commandstats errorstats");
        Assert.Contains("cmdstat_incr:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1", info, StringComparison.Ordinal);
        Assert.Contains("cmdstat_exec:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=0", info, StringComparison.Ordinal);
        Assert.Contains("errorstat_ERR:count=1", info, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_are_given_as_they_are_asked_for()
    {
        _client.Ask("set a b ex 100");
        Assert.Equal("# Keyspace", _client.Ask("info keyspace").Split('|')[1]);
        Assert.Contains("db0:keys=1,expires=1,avg_ttl=0", _client.Ask("info KEYSPACE"), StringComparison.Ordinal);
        Assert.Equal("$0|", _client.Ask("info nonsense"));
        var all = _client.Ask("info");
        Assert.Contains("role:master|", all, StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_", all, StringComparison.Ordinal);
        Assert.Contains("cmdstat_set", _client.Ask("info everything"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_in_one_piece_up_to_as_many_elements_as_is_set()
    {
        _client.AskAll("config set list-max-listpack-size 2; rpush few a b; rpush more a b c");
        Assert.Equal((ValueForm.PackedList, ValueForm.TreeList), (_client.FormOf("few"), _client.FormOf("more")));
        _client.AskAll("config set list-max-listpack-size -2; rpush few c");
        Assert.Equal(ValueForm.PackedList, _client.FormOf("few"));
    }

    [Fact]
    public void Larger_pieces_hold_what_was_set_and_no_more_than_an_entry_does()
    {
        _client.Ask("config set set-max-intset-entries 1000000 hash-max-listpack-entries 1000000 hash-max-listpack-value 100000");
        for (var i = 0; i < 5_000; i++)
        {
            _client.Ask("sadd", "s", $"{i}");
            _client.Ask("hset", "h", $"{i}", "x");
            if (i == 700)
                Assert.Equal((ValueForm.IntegerSet, ValueForm.PackedHash), (_client.FormOf("s"), _client.FormOf("h")));
        }

        _client.AskAll("sunionstore t s; sdiffstore none s t");
        Assert.Equal((":5000", ":5000", ":5000"), (_client.Ask("scard s"), _client.Ask("hlen h"), _client.Ask("scard t")));
        Assert.Equal("+OK", _client.Ask("hmset", "long", "a", new string('v', 3_000)));
        Assert.Equal($"$3000|{new string('v', 3_000)}", _client.Ask("hget long a"));
    }

    [Fact]
    public void Slow_commands_are_kept_shortened_and_without_passwords()
    {
        _client.Ask("config set slowlog-log-slower-than 0 slowlog-max-len 3");
        _client.Ask("echo", new string('x', 200));
        _client.Ask("auth a b");
        Assert.Equal(
            $"*1|*6|:2|:{_time.GetUtcNow().ToUnixTimeSeconds()}|:0|*2|$4|auth|$10|(redacted)|$3|?:0|$0|",
            _client.Ask("slowlog get 1"));
        Assert.Contains("... (72 more bytes)", _client.Ask("slowlog get"), StringComparison.Ordinal);
        Assert.StartsWith("*3|", _client.Ask("slowlog get -1"), StringComparison.Ordinal);
    }
}
