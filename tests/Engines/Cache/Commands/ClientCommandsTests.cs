using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class ClientCommandsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;
    private readonly CacheClient _other;

    public ClientCommandsTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        (_client, _other) = (new CacheClient(_engine), new CacheClient(_engine));
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("client getname", "$-1")]
    [InlineData("client setname me; client getname", "$2|me")]
    [InlineData("client setname a\nb", "-ERR Client names cannot contain spaces, newlines or special characters.")]
    [InlineData("client reply off", "")]
    [InlineData("client reply off; ping", "")]
    [InlineData("client reply off; ping; client reply on", "+OK")]
    [InlineData("client reply skip; ping", "")]
    [InlineData("client reply skip; ping; ping", "+PONG")]
    [InlineData("client reply skip; client reply on", "+OK")]
    [InlineData("client reply skip; client reply skip; ping", "")]
    [InlineData("client reply skip; client reply skip; ping; ping", "+PONG")]
    [InlineData("client reply off; client reply skip; ping; ping", "")]
    [InlineData("client reply maybe", "-ERR syntax error")]
    [InlineData("client kill nobody:1", "-ERR No such client")]
    [InlineData("client kill id 0", "-ERR client-id should be greater than 0")]
    [InlineData("client kill id x", "-ERR client-id should be greater than 0")]
    [InlineData("client kill type king", "-ERR Unknown client type 'king'")]
    [InlineData("client kill type", "-ERR No such client")]
    [InlineData("client kill type normal skipme", "-ERR syntax error")]
    [InlineData("client kill user king", "-ERR No such user 'king'")]
    [InlineData("client kill type pubsub", ":0")]
    [InlineData("client list type king", "-ERR Unknown client type 'king'")]
    [InlineData("client list id x", "-ERR Invalid client ID")]
    [InlineData("client list id 999999", "$0|")]
    [InlineData("client pause x", "-ERR timeout is not an integer or out of range")]
    [InlineData("client pause -1", "-ERR timeout is negative")]
    [InlineData("client pause 1 read", "-ERR CLIENT PAUSE mode must be WRITE or ALL")]
    [InlineData("client unblock 999999", ":0")]
    [InlineData("client unblock 1 maybe", "-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")]
    [InlineData("client getredir", ":-1")]
    [InlineData("client trackinginfo", "*6|$5|flags|*1|$3|off|$8|redirect|:-1|$8|prefixes|*0")]
    [InlineData("client", "-ERR wrong number of arguments for 'client' command")]
    [InlineData("client nonsense", "-ERR unknown subcommand 'nonsense'. Try CLIENT HELP.")]
    [InlineData("client id x", "-ERR wrong number of arguments for 'client|id' command")]
    [InlineData("hello 4", "-NOPROTO unsupported protocol version")]
    [InlineData("hello 3; client getname", "_")]
    [InlineData("hello 3 setname me; client getname", "$2|me")]
    [InlineData("hello 2 nonsense", "-ERR Syntax error in HELLO option 'nonsense'")]
    [InlineData("hello 3; reset; get a", "$-1")]
    [InlineData("client setname me; reset; client getname", "$-1")]
    [InlineData("select 2; set a b; reset; get a", "$-1")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = _client.Ask(line);
        Assert.Equal(answer, last);
    }

    [Fact]
    public void A_client_is_described_with_what_it_does()
    {
        _client.Ask("client setname me");
        _client.Ask("select 3");
        _time.Advance(TimeSpan.FromSeconds(5));
        var line = _client.Ask("client info");
        Assert.Contains($"id={_client.Id} addr=?:0 laddr=?:0", line, StringComparison.Ordinal);
        Assert.Contains(" name=me age=5 idle=5 flags=N db=3 sub=0 psub=0 ssub=0 multi=-1 ", line, StringComparison.Ordinal);
        Assert.Contains(" cmd=client|info user=default redir=-1 resp=2", line, StringComparison.Ordinal);
        Assert.Contains($"id={_other.Id} ", _client.Ask("client list"), StringComparison.Ordinal);
        Assert.DoesNotContain($"id={_other.Id} ", _client.Ask($"client list id {_client.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Others_are_ended_by_number_and_whoever_asks_only_if_it_says_so()
    {
        Assert.Equal(":1", _client.Ask($"client kill id {_other.Id}"));
        Assert.True(_other.IsClosed);
        Assert.Equal(":0", _client.Ask($"client kill id {_client.Id}"));
        Assert.False(_client.IsClosed);
        Assert.Equal(":1", _client.Ask($"client kill id {_client.Id} skipme no"));
        Assert.True(_client.IsClosed);
    }

    [Fact]
    public void Writes_wait_while_clients_are_paused_and_reads_do_not()
    {
        Assert.Equal("+OK", _client.Ask("client pause 1000 write"));
        Assert.Equal("$-1", _other.Ask("get a"));
        Assert.Equal("", _other.Ask("set a 1"));
        Assert.True(_other.IsPaused);
        Assert.Contains("|blocked_clients:1|", _client.Ask("info clients"), StringComparison.Ordinal);
        Assert.Contains(" flags=b ", _client.Ask($"client list id {_other.Id}"), StringComparison.Ordinal);
        Assert.Equal("$-1", _client.Ask("get a"));
        _time.Advance(TimeSpan.FromMilliseconds(1001));
        Assert.Equal("+OK|", _other.Posted);
        Assert.False(_other.IsPaused);
        Assert.Equal("$1|1", _client.Ask("get a"));
    }

    [Fact]
    public void A_pause_of_everything_ends_when_somebody_ends_it()
    {
        _client.Ask("client pause 100000");
        Assert.Equal("", _other.Ask("ping"));
        Assert.Equal("+OK", _client.Ask("client unpause"));
        Assert.Equal("+PONG|", _other.Posted);
        Assert.Equal("+PONG", _other.Ask("ping"));
    }

    [Fact]
    public void A_shorter_pause_does_not_shorten_the_one_that_is_there()
    {
        _client.Ask("client pause 1000 write");
        _client.Ask("client pause 10 write");
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal("", _other.Ask("set a 1"));
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal("+OK|", _other.Posted);
    }

    [Fact]
    public void A_transaction_that_writes_waits_as_a_whole()
    {
        _other.Ask("multi");
        _other.Ask("set a 1");
        _client.Ask("client pause 1000 write");
        Assert.Equal("", _other.Ask("exec"));
        _client.Ask("client unpause");
        Assert.Equal("*1|+OK|", _other.Posted);
    }
}
