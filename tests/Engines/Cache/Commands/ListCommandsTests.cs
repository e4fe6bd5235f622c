using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class ListCommandsTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("lpush a x y z; lrange a 0 -1", "*3|$1|z|$1|y|$1|x")]
    [InlineData("rpush a x y z; lrange a 0 -1", "*3|$1|x|$1|y|$1|z")]
    [InlineData("rpush a x y z", ":3")]
    [InlineData("lpushx a x", ":0")]
    [InlineData("rpushx a x; exists a", ":0")]
    [InlineData("rpush a x; rpushx a y z; lpushx a w; lrange a 0 -1", "*4|$1|w|$1|x|$1|y|$1|z")]
    [InlineData("set a x; rpush a y", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; lpushx a y", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("lpush a", "-ERR wrong number of arguments for 'lpush' command")]
    [InlineData("rpush a x y z; lpop a", "$1|x")]
    [InlineData("rpush a x y z; rpop a", "$1|z")]
    [InlineData("rpush a x y z; rpop a 2", "*2|$1|z|$1|y")]
    [InlineData("rpush a x y z; lpop a 2; lrange a 0 -1", "*1|$1|z")]
    [InlineData("rpush a x y z; lpop a 9; exists a", ":0")]
    [InlineData("rpush a x; lpop a 0", "*0")]
    [InlineData("lpop a", "$-1")]
    [InlineData("lpop a 1", "*-1")]
    [InlineData("lpop a 0", "*-1")]
    [InlineData("rpush a x; lpop a -1", "-ERR value is out of range, must be positive")]
    [InlineData("rpush a x; lpop a x", "-ERR value is out of range, must be positive")]
    [InlineData("rpush a x; lpop a 1 2", "-ERR wrong number of arguments for 'lpop' command")]
    [InlineData("set a x; lpop a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; llen a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("llen a", ":0")]
    [InlineData("rpush a x y; llen a", ":2")]
    [InlineData("rpush a x y z; lindex a -1", "$1|z")]
    [InlineData("rpush a x y z; lindex a 3", "$-1")]
    [InlineData("rpush a x y z; lindex a -4", "$-1")]
    [InlineData("rpush a x y z; lindex a x", "-ERR value is not an integer or out of range")]
    [InlineData("lindex a x", "$-1")]
    [InlineData("rpush a -5 127 128 -4096 123456789012 9223372036854775807; lrange a 0 -1", "*6|$2|-5|$3|127|$3|128|$5|-4096|$12|123456789012|$19|9223372036854775807")]
    [InlineData("rpush a x y z; lrange a 1 1", "*1|$1|y")]
    [InlineData("rpush a x y z; lrange a -2 -1", "*2|$1|y|$1|z")]
    [InlineData("rpush a x y z; lrange a -9 0", "*1|$1|x")]
    [InlineData("rpush a x y z; lrange a 2 1", "*0")]
    [InlineData("rpush a x y z; lrange a 3 9", "*0")]
    [InlineData("rpush a x y z; lrange a 0 -4", "*0")]
    [InlineData("lrange a 0 -1", "*0")]
    [InlineData("lrange a x 1", "-ERR value is not an integer or out of range")]
    [InlineData("set a x; lrange a 0 -1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y z; lset a 1 w; lrange a 0 -1", "*3|$1|x|$1|w|$1|z")]
    [InlineData("rpush a x y z; lset a -1 longer; lrange a 0 -1", "*3|$1|x|$1|y|$6|longer")]
    [InlineData("rpush a x; lset a 1 y", "-ERR index out of range")]
    [InlineData("rpush a x; lset a x y", "-ERR value is not an integer or out of range")]
    [InlineData("lset a 0 y", "-ERR no such key")]
    [InlineData("lset a x y", "-ERR no such key")]
    [InlineData("set a x; lset a 0 y", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x z; linsert a before z y; lrange a 0 -1", "*3|$1|x|$1|y|$1|z")]
    [InlineData("rpush a x z; linsert a after x y", ":3")]
    [InlineData("rpush a x z; linsert a AFTER z y; lrange a 0 -1", "*3|$1|x|$1|z|$1|y")]
    [InlineData("rpush a x; linsert a after y z", ":-1")]
    [InlineData("linsert a after y z", ":0")]
    [InlineData("rpush a x; linsert a behind x z", "-ERR syntax error")]
    [InlineData("set a x; linsert a before x y", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y x y x; lrem a 2 x; lrange a 0 -1", "*3|$1|y|$1|y|$1|x")]
    [InlineData("rpush a x y x y x; lrem a -2 x; lrange a 0 -1", "*3|$1|x|$1|y|$1|y")]
    [InlineData("rpush a x y x y x; lrem a 0 x; lrange a 0 -1", "*2|$1|y|$1|y")]
    [InlineData("rpush a x x y x x y; lrem a 3 x; lrange a 0 -1", "*3|$1|y|$1|x|$1|y")]
    [InlineData("rpush a x x y x x y; lrem a -3 x; lrange a 0 -1", "*3|$1|x|$1|y|$1|y")]
    [InlineData("rpush a x x; lrem a 0 x; exists a", ":0")]
    [InlineData("rpush a 1 01 1; lrem a 0 1", ":2")]
    [InlineData("rpush a x; lrem a 0 y", ":0")]
    [InlineData("lrem a 0 y", ":0")]
    [InlineData("lrem a x y", "-ERR value is not an integer or out of range")]
    [InlineData("set a x; lrem a 0 y", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a 1 2 3 4 5; ltrim a 1 3; lrange a 0 -1", "*3|$1|2|$1|3|$1|4")]
    [InlineData("rpush a 1 2 3 4 5; ltrim a -2 -1; lrange a 0 -1", "*2|$1|4|$1|5")]
    [InlineData("rpush a 1 2 3 4 5; ltrim a 5 9; exists a", ":0")]
    [InlineData("rpush a 1 2 3 4 5; ltrim a 3 1; exists a", ":0")]
    [InlineData("rpush a 1 2 3 4 5; ltrim a -9 9; llen a", ":5")]
    [InlineData("ltrim a 0 1", "+OK")]
    [InlineData("ltrim a x 1", "-ERR value is not an integer or out of range")]
    [InlineData("set a x; ltrim a 0 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y x y x; lpos a x", ":0")]
    [InlineData("rpush a x y x y x; lpos a x rank 2", ":2")]
    [InlineData("rpush a x y x y x; lpos a x rank -1", ":4")]
    [InlineData("rpush a x y x y x; lpos a x rank -2 count 0", "*2|:2|:0")]
    [InlineData("rpush a x y x y x; lpos a x count 0", "*3|:0|:2|:4")]
    [InlineData("rpush a x y x y x; lpos a x count 2", "*2|:0|:2")]
    [InlineData("rpush a x y x y x; lpos a x count 0 maxlen 3", "*2|:0|:2")]
    [InlineData("rpush a x y x y x; lpos a x rank -1 count 0 maxlen 3", "*2|:4|:2")]
    [InlineData("rpush a x y x y x; lpos a y rank 3", "$-1")]
    [InlineData("rpush a x; lpos a z", "$-1")]
    [InlineData("rpush a x; lpos a z count 0", "*0")]
    [InlineData("lpos a x", "$-1")]
    [InlineData("lpos a x count 1", "*0")]
    [InlineData("rpush a x; lpos a x rank 0", "-ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list")]
    [InlineData("rpush a x; lpos a x rank x", "-ERR value is not an integer or out of range")]
    [InlineData("rpush a x; lpos a x count -1", "-ERR COUNT can't be negative")]
    [InlineData("rpush a x; lpos a x maxlen -1", "-ERR MAXLEN can't be negative")]
    [InlineData("rpush a x; lpos a x maxlen x", "-ERR MAXLEN can't be negative")]
    [InlineData("rpush a x; lpos a x count", "-ERR syntax error")]
    [InlineData("rpush a x; lpos a x wrong 1", "-ERR syntax error")]
    [InlineData("set a x; lpos a x", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y; lmove a b left right; lrange b 0 -1", "*1|$1|x")]
    [InlineData("rpush a x y z; lmove a a left right; lrange a 0 -1", "*3|$1|y|$1|z|$1|x")]
    [InlineData("rpush a x y z; lmove a a right right; lrange a 0 -1", "*3|$1|x|$1|y|$1|z")]
    [InlineData("rpush a x; lmove a a left left; lrange a 0 -1", "*1|$1|x")]
    [InlineData("rpush a x; lmove a b right left; exists a b", ":1")]
    [InlineData("lmove a b left right", "$-1")]
    [InlineData("lmove a b left wrong", "-ERR syntax error")]
    [InlineData("lmove a b up right", "-ERR syntax error")]
    [InlineData("rpush a x; set b y; lmove a b left right", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; lmove a b left right", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set b x; lmove a b left right", "$-1")]
    [InlineData("rpush a x y; rpush b z; rpoplpush a b; lrange b 0 -1", "*2|$1|y|$1|z")]
    [InlineData("rpush a x y; rpoplpush a a; lrange a 0 -1", "*2|$1|y|$1|x")]
    [InlineData("rpoplpush a b", "$-1")]
    [InlineData("rpush b x y z; lmpop 2 a b left", "*2|$1|b|*1|$1|x")]
    [InlineData("rpush b x y z; lmpop 2 a b right count 2", "*2|$1|b|*2|$1|z|$1|y")]
    [InlineData("rpush b x; lmpop 2 a b left count 9; exists b", ":0")]
    [InlineData("lmpop 2 a b left", "*-1")]
    [InlineData("lmpop 0 a left", "-ERR numkeys should be greater than 0")]
    [InlineData("lmpop x a left", "-ERR numkeys should be greater than 0")]
    [InlineData("lmpop 2 a left", "-ERR syntax error")]
    [InlineData("lmpop 1 a up", "-ERR syntax error")]
    [InlineData("lmpop 1 a left count 0", "-ERR count should be greater than 0")]
    [InlineData("lmpop 1 a left count x", "-ERR count should be greater than 0")]
    [InlineData("lmpop 1 a left count 1 count 2", "-ERR syntax error")]
    [InlineData("lmpop 1 a left wrong 1", "-ERR syntax error")]
    [InlineData("set a x; lmpop 2 a b left", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x; set b x; lmpop 2 b a left", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y; blpop a 0", "*2|$1|a|$1|x")]
    [InlineData("rpush b x y; blpop a b 0", "*2|$1|b|$1|x")]
    [InlineData("rpush b x y; brpop a b 1.5", "*2|$1|b|$1|y")]
    [InlineData("rpush a x; rpush b y; blpop b a 0", "*2|$1|b|$1|y")]
    [InlineData("rpush a x; blpop a x", "-ERR timeout is not a float or out of range")]
    [InlineData("rpush a x; blpop a -1", "-ERR timeout is negative")]
    [InlineData("rpush a x; blpop a -0.0001", "*2|$1|a|$1|x")]
    [InlineData("set a x; blpop a 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; rpush b y; blpop b a 0", "*2|$1|b|$1|y")]
    [InlineData("set a x; rpush b y; blpop a b 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x; blpop a 0; exists a", ":0")]
    [InlineData("rpush a x y; blmove a b left right 0; lrange b 0 -1", "*1|$1|x")]
    [InlineData("rpush a x y; blmove a b left right x", "-ERR timeout is not a float or out of range")]
    [InlineData("rpush a x y; blmove a b left up 1", "-ERR syntax error")]
    [InlineData("rpush a x; set b y; blmove a b left right 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; blmove a b left right 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x y; brpoplpush a b 0", "$1|y")]
    [InlineData("rpush a x y; brpoplpush a b -1", "-ERR timeout is negative")]
    [InlineData("rpush b x y z; blmpop 0 2 a b left count 2", "*2|$1|b|*2|$1|x|$1|y")]
    [InlineData("rpush b x y z; blmpop 0 2 a b right", "*2|$1|b|*1|$1|z")]
    [InlineData("blmpop -1 2 a b right", "-ERR timeout is negative")]
    [InlineData("blmpop 1 0 a right", "-ERR numkeys should be greater than 0")]
    [InlineData("blmpop 1 3 a right", "-ERR syntax error")]
    [InlineData("blmpop x 1 a right", "-ERR timeout is not a float or out of range")]
    [InlineData("set b x; blmpop 1 2 b a left", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("rpush a x; type a", "+list")]
    [InlineData("rpush a x; expire a 100; rpush a y; ttl a", ":100")]
    public void Answers_are_those_of_redis(string lines, string answer) =>
        Assert.Equal(answer, new CacheClient(_engine).AskAll(lines));

    [Theory]
    [InlineData("rpush a x; lpos a x rank -9223372036854775808")]
    [InlineData("rpush a x; blpop a inf")]
    [InlineData("rpush a x; blpop a nan")]
    [InlineData("rpush a x; blpop a 9223372036854775807")]
    public void What_is_out_of_range_is_an_error_and_changes_nothing(string lines)
    {
        var client = new CacheClient(_engine);
        Assert.StartsWith("-ERR ", client.AskAll(lines), StringComparison.Ordinal);
        Assert.Equal(":1", client.Ask("llen a"));
    }

    [Fact]
    public void Elements_of_any_length_come_back_whole()
    {
        var client = new CacheClient(_engine);
        int[] lengths = [0, 63, 64, 512, 513, 4_095, 4_096, 20_000, 1_000_000];
        foreach (var length in lengths)
        {
            var element = new string('x', length);
            client.Ask("rpush", "a", element);
            client.Ask("lmove", "a", "b", "right", "right");
            client.Ask("lmove", "b", "b", "right", "left");
            Assert.Equal($"${length}|{element}", client.Ask("lindex", "b", "0"));
        }

        Assert.Equal($":{lengths.Length}", client.Ask("llen b"));
        client.Ask("del b");
        Assert.All(_engine.Keyspace.Shards.ToArray(), shard => Assert.Equal(0, shard.Chunks.Bytes));
    }
}
