using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class StringCommandsTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("get a", "$-1")]
    [InlineData("set a b; get a", "$1|b")]
    [InlineData("set a b nx; set a c nx; get a", "$1|b")]
    [InlineData("set a b xx", "$-1")]
    [InlineData("set a b; set a c get", "$1|b")]
    [InlineData("set a b nx xx", "-ERR syntax error")]
    [InlineData("set a b ex 0", "-ERR invalid expire time in 'set' command")]
    [InlineData("set a b ex x", "-ERR value is not an integer or out of range")]
    [InlineData("set a b ex 10 keepttl", "-ERR syntax error")]
    [InlineData("set a b ex 10; set a c keepttl; ttl a", ":10")]
    [InlineData("set a b ex 10; set a c; ttl a", ":-1")]
    [InlineData("setex a 0 b", "-ERR invalid expire time in 'setex' command")]
    [InlineData("set a b; get a; GET a; GeT a", "$1|b")]
    [InlineData("config get maxmemory; config|get maxmemory", "-ERR unknown command 'config|get', with args beginning with: 'maxmemory' ")]
    [InlineData("incr a; incr a", ":2")]
    [InlineData("decr a; decr a; decrby a 8", ":-10")]
    [InlineData("incr a; append a 5; incr a", ":16")]
    [InlineData("incr a; rpush b x; incr b", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a -9223372036854775808; decr a", "-ERR increment or decrement would overflow")]
    [InlineData("incr a; incrby a 9223372036854775806; incr a", "-ERR increment or decrement would overflow")]
    [InlineData("set a 9223372036854775807; incr a", "-ERR increment or decrement would overflow")]
    [InlineData("set a x; incr a", "-ERR value is not an integer or out of range")]
    [InlineData("set a 01; incr a", "-ERR value is not an integer or out of range")]
    [InlineData("decrby a -9223372036854775808", "-ERR decrement would overflow")]
    [InlineData("incrbyfloat a 10.5", "$4|10.5")]
    [InlineData("set a 3.0e3; incrbyfloat a 200", "$4|3200")]
    [InlineData("set a 10.1; incrbyfloat a 0.1", "$4|10.2")]
    [InlineData("incrbyfloat a inf", "-ERR increment would produce NaN or Infinity")]
    [InlineData("incrbyfloat a x", "-ERR value is not a valid float")]
    [InlineData("set a 10; append a 5; get a", "$3|105")]
    [InlineData("set a -1; strlen a", ":2")]
    [InlineData("set a hello; getrange a 1 3", "$3|ell")]
    [InlineData("set a hello; getrange a -3 -1", "$3|llo")]
    [InlineData("set a hello; getrange a 3 1", "$0|")]
    [InlineData("set a hello; setrange a 7 x; get a", "$8|hello\0\0x")]
    [InlineData("setrange a -1 x", "-ERR offset is out of range")]
    [InlineData("setrange a 536870912 x", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)")]
    [InlineData("mset a 1 b 2; mget a b c", "*3|$1|1|$1|2|$-1")]
    [InlineData("mset a 1 b", "-ERR wrong number of arguments for 'mset' command")]
    [InlineData("set b 1; msetnx a 1 b 2; exists a", ":0")]
    [InlineData("set a 1; getdel a; exists a", ":0")]
    [InlineData("set a 1; getex a ex 100; ttl a", ":100")]
    [InlineData("set a 1 ex 100; getex a persist; ttl a", ":-1")]
    [InlineData("get", "-ERR wrong number of arguments for 'get' command")]
    [InlineData("nonsense x", "-ERR unknown command 'nonsense', with args beginning with: 'x' ")]
    [InlineData("set a b; expire a 10 xx", ":0")]
    [InlineData("set a b; expire a 10 nx; expire a 5 gt; ttl a", ":10")]
    [InlineData("expire a 10 nx gt", "-ERR NX and XX, GT or LT options at the same time are not compatible")]
    [InlineData("set a b; expire a -1; exists a", ":0")]
    [InlineData("set a b; expire a 9223372036854775807", "-ERR invalid expire time in 'expire' command")]
    [InlineData("ttl a", ":-2")]
    [InlineData("set a b; type a", "+string")]
    [InlineData("set a b; select 1; get a", "$-1")]
    [InlineData("select 16", "-ERR DB index is out of range")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var client = new CacheClient(_engine);
        var last = "";
        foreach (var line in lines.Split("; "))
            last = client.Ask(line);
        Assert.Equal(answer, last);
    }
}
