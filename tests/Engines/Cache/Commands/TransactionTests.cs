using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class TransactionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheClient _other;

    public TransactionTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        (_client, _other) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("exec", "-ERR EXEC without MULTI")]
    [InlineData("discard", "-ERR DISCARD without MULTI")]
    [InlineData("multi; multi", "-ERR MULTI calls can not be nested")]
    [InlineData("multi; watch a", "-ERR WATCH inside MULTI is not allowed")]
    [InlineData("multi; watch a; exec", "*0")]
    [InlineData("multi; set a b", "+QUEUED")]
    [InlineData("multi; set a b; incr a; get a; exec", "*3|+OK|-ERR value is not an integer or out of range|$1|b")]
    [InlineData("multi; exec", "*0")]
    [InlineData("multi; get; exec", "-EXECABORT Transaction discarded because of previous errors.")]
    [InlineData("multi; nonsense; exec", "-EXECABORT Transaction discarded because of previous errors.")]
    [InlineData("multi; get; exec; multi; ping; exec", "*1|+PONG")]
    [InlineData("multi; set a b; discard; get a", "$-1")]
    [InlineData("multi; get; discard; multi; exec", "*0")]
    [InlineData("watch a; set a b; multi; ping; exec", "*-1")]
    [InlineData("watch a; set a b; unwatch; multi; ping; exec", "*1|+PONG")]
    [InlineData("watch a; set a b; multi; discard; multi; ping; exec", "*1|+PONG")]
    [InlineData("watch a; set a b; multi; ping; exec; multi; ping; exec", "*1|+PONG")]
    [InlineData("watch a; set a b; multi; get; exec", "-EXECABORT Transaction discarded because of previous errors.")]
    [InlineData("watch a; get a; multi; set a b; exec", "*1|+OK")]
    [InlineData("multi; unwatch; set a b; exec", "*2|+OK|+OK")]
    [InlineData("multi; select 3; set a b; exec; get a", "$1|b")]
    [InlineData("set a b; watch a; flushdb; multi; ping; exec", "*-1")]
    [InlineData("watch a; flushall; multi; ping; exec", "*1|+PONG")]
    [InlineData("watch a; select 1; set a b; multi; ping; exec", "*1|+PONG")]
    [InlineData("set a b; watch a; expire a 10; multi; ping; exec", "*-1")]
    [InlineData("set a b; watch a; del a; multi; ping; exec", "*-1")]
    [InlineData("set a b; watch a; swapdb 0 1; multi; ping; exec", "*-1")]
    [InlineData("watch a; swapdb 0 1; multi; ping; exec", "*1|+PONG")]
    [InlineData("multi; set a b; reset", "+RESET")]
    [InlineData("multi; set a b; reset; exec", "-ERR EXEC without MULTI")]
    [InlineData("multi; keys *; set a b; keys *; exec", "*3|*0|+OK|*1|$1|a")]
    [InlineData("exec x", "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = _client.Ask(line);
        Assert.Equal(answer, last);
    }

    [Fact]
    public void Another_clients_write_to_a_watched_key_spoils_a_transaction()
    {
        _client.Ask("watch a b");
        _other.Ask("set b 1");
        _client.Ask("multi");
        _client.Ask("set a 1");
        Assert.Equal("*-1", _client.Ask("exec"));
        Assert.Equal("$-1", _client.Ask("get a"));
    }

    [Fact]
    public void A_watched_key_whose_time_is_over_spoils_a_transaction_though_nobody_looked()
    {
        _client.Ask("set a 1 px 100");
        _client.Ask("watch a");
        _time.Advance(TimeSpan.FromMilliseconds(101));
        _client.Ask("multi");
        _client.Ask("ping");
        Assert.Equal("*-1", _client.Ask("exec"));
    }

    [Fact]
    public void Whoever_leaves_is_forgotten_by_the_keys_it_watched()
    {
        _client.Ask("watch a");
        _client.Close(CloseReason.ByClient);
        Assert.Equal("+OK", _other.Ask("set a 1"));
        Assert.Equal(1, _engine.Clients.Count);
    }

    [Fact]
    public void Without_memory_what_needs_some_cannot_be_queued()
    {
        using var engine = new CacheEngine(new KeyspaceOptions(1, EvictionPolicy.NoEviction, 1), _time, new Random(1));
        var client = new CacheClient(engine);
        client.Ask("multi");
        Assert.Equal("-OOM command not allowed when used memory > 'maxmemory'.", client.Ask("set a 1"));
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", client.Ask("exec"));
    }
}
