using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class SortedSetCommandsTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("sadd s a b; zunion 1 s withscores", "*4|$1|a|$1|1|$1|b|$1|1")]
    [InlineData("sadd s 2 1; zadd z 5 1; zunion 2 s z withscores", "*4|$1|2|$1|1|$1|1|$1|6")]
    [InlineData("sadd s a b; zadd z 5 a; zinter 2 s z weights 10 1 withscores", "*2|$1|a|$2|15")]
    [InlineData("sadd s a b; zadd z 5 a 6 c; zdiff 2 z s withscores", "*2|$1|c|$1|6")]
    [InlineData("sadd s a b; zadd z 5 a 6 c; zdiff 2 s z withscores", "*2|$1|b|$1|1")]
    [InlineData("sadd s a b; zadd z 5 a; zintercard 2 s z", ":1")]
    [InlineData("sadd s a b; zunionstore d 2 s none; zrange d 0 -1 withscores", "*4|$1|a|$1|1|$1|b|$1|1")]
    [InlineData("rpush l a; zunion 1 l", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 x 2 y", ":2")]
    [InlineData("zadd a 1 x 2 y; zadd a 3 x 4 z", ":1")]
    [InlineData("zadd a 1 x 2 y; zadd a ch 3 x 4 z", ":2")]
    [InlineData("zadd a 1 x; zadd a nx 2 x; zscore a x", "$1|1")]
    [InlineData("zadd a xx 1 x; exists a", ":0")]
    [InlineData("zadd a 1 x; zadd a xx ch 2 x 3 y; zrange a 0 -1 withscores", "*2|$1|x|$1|2")]
    [InlineData("zadd a 5 x; zadd a gt ch 4 x", ":0")]
    [InlineData("zadd a 5 x; zadd a gt ch 6 x 1 y; zrange a 0 -1 withscores", "*4|$1|y|$1|1|$1|x|$1|6")]
    [InlineData("zadd a 5 x; zadd a lt ch 4 x; zscore a x", "$1|4")]
    [InlineData("zadd a 5 x; zadd a lt ch 6 x; zscore a x", "$1|5")]
    [InlineData("zadd a nx xx 1 x", "-ERR XX and NX options at the same time are not compatible")]
    [InlineData("zadd a nx gt 1 x", "-ERR GT, LT, and/or NX options at the same time are not compatible")]
    [InlineData("zadd a gt lt 1 x", "-ERR GT, LT, and/or NX options at the same time are not compatible")]
    [InlineData("zadd a 1", "-ERR wrong number of arguments for 'zadd' command")]
    [InlineData("zadd a 1 x 2", "-ERR syntax error")]
    [InlineData("zadd a nx 1", "-ERR syntax error")]
    [InlineData("zadd a x 1", "-ERR value is not a valid float")]
    [InlineData("zadd a 1 x nan y; exists a", ":0")]
    [InlineData("zadd a 1 x y z; exists a", ":0")]
    [InlineData("zadd a incr 1 x", "$1|1")]
    [InlineData("zadd a 5 x; zadd a incr 1 x", "$1|6")]
    [InlineData("zadd a 5 x; zadd a nx incr 1 x", "$-1")]
    [InlineData("zadd a xx incr 1 x", "$-1")]
    [InlineData("zadd a 5 x; zadd a gt incr -1 x", "$-1")]
    [InlineData("zadd a incr 1 x 2 y", "-ERR INCR option supports a single increment-element pair")]
    [InlineData("zadd a inf x; zadd a incr -inf x", "-ERR resulting score is not a number (NaN)")]
    [InlineData("zadd a inf x -inf y +inf z; zrange a 0 -1 withscores", "*6|$1|y|$4|-inf|$1|x|$3|inf|$1|z|$3|inf")]
    [InlineData("zadd a 1.5 x 1e3 y -2 z; zrange a 0 -1 withscores", "*6|$1|z|$2|-2|$1|x|$3|1.5|$1|y|$4|1000")]
    [InlineData("zadd a 0.5 x 12345678901234567890 y; zrange a 0 -1 withscores", "*4|$1|x|$3|0.5|$1|y|$22|1.2345678901234567e+19")]
    [InlineData("set a x; zadd a 1 x", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 x 1 x; zcard a", ":1")]
    [InlineData("zadd a 1 x 2 x; zscore a x", "$1|2")]
    [InlineData("zincrby a 2 x", "$1|2")]
    [InlineData("zadd a 1 x; zincrby a 2.5 x", "$3|3.5")]
    [InlineData("zadd a 1 x; zincrby a -inf x", "$4|-inf")]
    [InlineData("zadd a inf x; zincrby a -inf x", "-ERR resulting score is not a number (NaN)")]
    [InlineData("zincrby a x y", "-ERR value is not a valid float")]
    [InlineData("hello 3; zincrby a 2.5 x", ",2.5")]
    [InlineData("hello 3; zadd a 1 x; zscore a x", ",1")]
    [InlineData("hello 3; zadd a inf x; zscore a x", ",inf")]
    [InlineData("hello 3; zscore a x", "_")]
    [InlineData("zadd a 1 x 2 y 3 z; zrem a x w z", ":2")]
    [InlineData("zadd a 1 x; zrem a x; exists a", ":0")]
    [InlineData("zrem a x", ":0")]
    [InlineData("set a x; zrem a x", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zcard a", ":0")]
    [InlineData("zadd a 1 x; zscore a y", "$-1")]
    [InlineData("zadd a 1 x 2 y; zmscore a y w x", "*3|$1|2|$-1|$1|1")]
    [InlineData("hello 3; zadd a 1 x; zmscore a x w", "*2|,1|_")]
    [InlineData("zmscore a x y", "*2|$-1|$-1")]
    [InlineData("zadd a 1 x 1 y 1 z; zrank a z", ":2")]
    [InlineData("zadd a 1 x 1 y 2 z; zrevrank a x", ":2")]
    [InlineData("zadd a 1 x; zrank a y", "$-1")]
    [InlineData("zrank a x", "$-1")]
    [InlineData("zadd a 1 b 1 a 1 c; zrange a 0 -1", "*3|$1|a|$1|b|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 1 1", "*1|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -2 -1", "*2|$1|a|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -9 9 rev", "*3|$1|c|$1|a|$1|b")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 0 1 rev", "*2|$1|c|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 3 5", "*0")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 2 1", "*0")]
    [InlineData("zadd a 1 b 2 a 3 c; zrevrange a 0 0 withscores", "*2|$1|c|$1|3")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 2 3 byscore", "*2|$1|a|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a (1 (3 byscore withscores", "*2|$1|a|$1|2")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a 3 (1 byscore rev", "*2|$1|c|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -inf +inf byscore limit 1 1", "*1|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a +inf -inf byscore rev limit 1 2", "*2|$1|a|$1|b")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -inf +inf byscore limit -1 2", "*0")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -inf +inf byscore limit 0 -1", "*3|$1|b|$1|a|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zrange a -inf +inf byscore limit 5 1", "*0")]
    [InlineData("zadd a 1 b; zrange a x 1 byscore", "-ERR min or max is not a float")]
    [InlineData("zadd a 1 b; zrange a 1 1 limit 0 1", "-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")]
    [InlineData("zadd a 1 b 2 c; zrange a 0 -1 limit 1 -1", "*2|$1|b|$1|c")]
    [InlineData("zadd a 1 b; zrange a x 1", "-ERR value is not an integer or out of range")]
    [InlineData("zadd a 1 b; zrange a 0 1 byscore bylex", "-ERR syntax error")]
    [InlineData("zadd a 1 b; zrange a 0 1 wrong", "-ERR syntax error")]
    [InlineData("zadd a 1 b; zrange a 0 1 limit 0", "-ERR syntax error")]
    [InlineData("zadd a 1 b; zrange a - + bylex withscores", "-ERR syntax error, WITHSCORES not supported in combination with BYLEX")]
    [InlineData("zrange a 0 -1", "*0")]
    [InlineData("set a x; zrange a 0 -1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrange a [b (d bylex", "*2|$1|b|$1|c")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrange a - [b bylex", "*2|$1|a|$1|b")]
    [InlineData("zadd a 1 a 2 b 3 c 4 d; zrange a [b (d bylex", "*2|$1|b|$1|c")]
    [InlineData("zadd a 1 a 2 b 3 c 4 d; zrangestore z a [b [c bylex", ":2")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrange a + (b bylex rev", "*2|$1|d|$1|c")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrange a + - bylex", "*0")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrange a - + bylex limit 1 2", "*2|$1|b|$1|c")]
    [InlineData("zadd a 0 a; zrange a b c bylex", "-ERR min or max not valid string range item")]
    [InlineData("zadd a 0 a; zrange a -x + bylex", "-ERR min or max not valid string range item")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrangebylex a [b [c", "*2|$1|b|$1|c")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrangebylex a - + limit 2 5", "*2|$1|c|$1|d")]
    [InlineData("zadd a 0 a 0 b 0 c 0 d; zrevrangebylex a [c [b", "*2|$1|c|$1|b")]
    [InlineData("zadd a 0 a; zrangebylex a - + withscores", "-ERR syntax error, WITHSCORES not supported in combination with BYLEX")]
    [InlineData("zadd a 0 a 0 b 0 c; zlexcount a (a +", ":2")]
    [InlineData("zadd a 0 a 0 b 0 c; zlexcount a [c [a", ":0")]
    [InlineData("zlexcount a - x", "-ERR min or max not valid string range item")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangebyscore a 1 2 withscores", "*4|$1|b|$1|1|$1|a|$1|2")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangebyscore a 1 3 withscores limit 1 1", "*2|$1|a|$1|2")]
    [InlineData("zadd a 1 b 2 a 3 c; zrevrangebyscore a 3 2", "*2|$1|c|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zrevrangebyscore a +inf (2 withscores", "*2|$1|c|$1|3")]
    [InlineData("zadd a 1 b; zrangebyscore a 0 1 rev", "-ERR syntax error")]
    [InlineData("zadd a 1 b; zrevrange a 0 1 limit 0 1", "-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")]
    [InlineData("hello 3; zadd a 1 b 2 a; zrange a 0 -1 withscores", "*2|*2|$1|b|,1|*2|$1|a|,2")]
    [InlineData("zadd a 1 b 2 a 3 c; zcount a (1 3", ":2")]
    [InlineData("zadd a 1 b 2 a 3 c; zcount a 3 1", ":0")]
    [InlineData("zcount a 0 1", ":0")]
    [InlineData("zcount a x 1", "-ERR min or max is not a float")]
    [InlineData("set a x; zcount a 0 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangestore d a 1 -1; zrange d 0 -1 withscores", "*4|$1|a|$1|2|$1|c|$1|3")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangestore d a (1 3 byscore limit 0 1; zrange d 0 -1 withscores", "*2|$1|a|$1|2")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangestore a a 0 0; zrange a 0 -1 withscores", "*2|$1|b|$1|1")]
    [InlineData("zadd a 1 b; set d x; zrangestore d a 5 6; exists d", ":0")]
    [InlineData("zadd a 1 b; zrangestore d a 0 1 withscores", "-ERR syntax error")]
    [InlineData("zadd a 1 b; set d x ex 100; zrangestore d a 0 1; ttl d", ":-1")]
    [InlineData("set a x; zrangestore d a 0 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 b 2 a 3 c; zrangestore d a 0 1 rev; zrange d 0 -1", "*2|$1|a|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zremrangebyrank a 0 1; zrange a 0 -1", "*1|$1|c")]
    [InlineData("zadd a 1 b 2 a 3 c; zremrangebyrank a -1 -1; zrange a 0 -1", "*2|$1|b|$1|a")]
    [InlineData("zadd a 1 b 2 a 3 c; zremrangebyrank a 0 -1; exists a", ":0")]
    [InlineData("zadd a 1 b 2 a 3 c; zremrangebyscore a (1 2; zrange a 0 -1", "*2|$1|b|$1|c")]
    [InlineData("zadd a 1 b; zremrangebyscore a x 2", "-ERR min or max is not a float")]
    [InlineData("zadd a 0 a 0 b 0 c; zremrangebylex a [b +; zrange a 0 -1", "*1|$1|a")]
    [InlineData("zremrangebyrank a 0 1", ":0")]
    [InlineData("zadd a 1 b 2 a 3 c; zpopmin a", "*2|$1|b|$1|1")]
    [InlineData("zadd a 1 b 2 a 3 c; zpopmax a", "*2|$1|c|$1|3")]
    [InlineData("zadd a 1 b 2 a 3 c; zpopmin a 2", "*4|$1|b|$1|1|$1|a|$1|2")]
    [InlineData("zadd a 1 b 2 a 3 c; zpopmax a 9; exists a", ":0")]
    [InlineData("zadd a 1 b 2 a; zpopmax a 2", "*4|$1|a|$1|2|$1|b|$1|1")]
    [InlineData("zadd a 1 b; zpopmin a 0", "*0")]
    [InlineData("zadd a 1 b; zpopmin a -1", "-ERR value is out of range, must be positive")]
    [InlineData("zadd a 1 b; zpopmin a x", "-ERR value is out of range, must be positive")]
    [InlineData("zadd a 1 b; zpopmin a 1 2", "-ERR syntax error")]
    [InlineData("zpopmin a", "*0")]
    [InlineData("zpopmin a 2", "*0")]
    [InlineData("set a x; zpopmin a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hello 3; zadd a 1 b 2 a; zpopmin a", "*2|$1|b|,1")]
    [InlineData("hello 3; zadd a 1 b 2 a; zpopmin a 1", "*1|*2|$1|b|,1")]
    [InlineData("hello 3; zadd a 1 b 2 a; zpopmin a 2", "*2|*2|$1|b|,1|*2|$1|a|,2")]
    [InlineData("hello 3; zpopmin a", "*0")]
    [InlineData("zadd b 1 x 2 y; zmpop 2 a b min", "*2|$1|b|*1|*2|$1|x|$1|1")]
    [InlineData("zadd b 1 x 2 y; zmpop 2 a b max count 9", "*2|$1|b|*2|*2|$1|y|$1|2|*2|$1|x|$1|1")]
    [InlineData("hello 3; zadd b 1 x 2 y; zmpop 2 a b max count 2", "*2|$1|b|*2|*2|$1|y|,2|*2|$1|x|,1")]
    [InlineData("zmpop 2 a b min", "*-1")]
    [InlineData("hello 3; zmpop 1 a min", "_")]
    [InlineData("zmpop 0 a min", "-ERR numkeys should be greater than 0")]
    [InlineData("zmpop 1 a mid", "-ERR syntax error")]
    [InlineData("zmpop 2 a min", "-ERR syntax error")]
    [InlineData("zmpop 1 a min count 0", "-ERR count should be greater than 0")]
    [InlineData("zmpop 1 a min count 1 count 1", "-ERR syntax error")]
    [InlineData("set a x; zmpop 2 a b min", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd b 1 x 2 y; bzpopmin a b 0", "*3|$1|b|$1|x|$1|1")]
    [InlineData("zadd b 1 x 2 y; bzpopmax a b 0", "*3|$1|b|$1|y|$1|2")]
    [InlineData("hello 3; zadd b 1 x 2 y; bzpopmax a b 0", "*3|$1|b|$1|y|,2")]
    [InlineData("zadd b 1 x; bzpopmin b x", "-ERR timeout is not a float or out of range")]
    [InlineData("zadd b 1 x; bzpopmin b -1", "-ERR timeout is negative")]
    [InlineData("set a x; bzpopmin a 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd b 1 x 2 y; bzmpop 0 2 a b min count 2", "*2|$1|b|*2|*2|$1|x|$1|1|*2|$1|y|$1|2")]
    [InlineData("bzmpop 0 0 a min", "-ERR numkeys should be greater than 0")]
    [InlineData("bzmpop -1 1 a min", "-ERR timeout is negative")]
    [InlineData("zadd a 1 x; zrandmember a", "$1|x")]
    [InlineData("zrandmember a", "$-1")]
    [InlineData("zrandmember a 5", "*0")]
    [InlineData("zadd a 1 x; zrandmember a 5", "*1|$1|x")]
    [InlineData("zadd a 1 x; zrandmember a -3", "*3|$1|x|$1|x|$1|x")]
    [InlineData("zadd a 1 x; zrandmember a 2 withscores", "*2|$1|x|$1|1")]
    [InlineData("zadd a 1 x; zrandmember a -2 withscores", "*4|$1|x|$1|1|$1|x|$1|1")]
    [InlineData("hello 3; zadd a 1 x; zrandmember a -2 withscores", "*2|*2|$1|x|,1|*2|$1|x|,1")]
    [InlineData("zadd a 1 x; zrandmember a 0", "*0")]
    [InlineData("zadd a 1 x; zrandmember a x", "-ERR value is not an integer or out of range")]
    [InlineData("zadd a 1 x; zrandmember a 1 wrong", "-ERR syntax error")]
    [InlineData("zadd a 1 x; zrandmember a -9223372036854775807 withscores", "-ERR value is out of range")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunion 2 a b", "*3|$1|x|$1|z|$1|y")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunion 2 a b withscores", "*6|$1|x|$1|1|$1|z|$1|4|$1|y|$1|5")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunion 2 a b weights 2 3 withscores", "*6|$1|x|$1|2|$1|z|$2|12|$1|y|$2|13")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunion 2 a b aggregate min withscores", "*6|$1|x|$1|1|$1|y|$1|2|$1|z|$1|4")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunion 2 a b aggregate max weights 1 -1 withscores", "*6|$1|z|$2|-4|$1|x|$1|1|$1|y|$1|2")]
    [InlineData("zadd a 1 x 2 y; zunion 3 a a a withscores", "*4|$1|x|$1|3|$1|y|$1|6")]
    [InlineData("zadd a inf x; zadd b -inf x; zunion 2 a b withscores", "*2|$1|x|$1|0")]
    [InlineData("zadd a inf x; zunion 1 a weights 0 withscores", "*2|$1|x|$1|0")]
    [InlineData("hello 3; zadd a 1 x 2 y; zunion 1 a withscores", "*2|*2|$1|x|,1|*2|$1|y|,2")]
    [InlineData("zadd a 1 x; zunion 2 a nothing", "*1|$1|x")]
    [InlineData("zunion 1 nothing", "*0")]
    [InlineData("zunion 0 a", "-ERR at least 1 input key is needed for 'zunion' command")]
    [InlineData("zunion x a", "-ERR value is not an integer or out of range")]
    [InlineData("zunion 3 a b", "-ERR syntax error")]
    [InlineData("zadd a 1 x; zunion 1 a weights", "-ERR syntax error")]
    [InlineData("zadd a 1 x; zunion 1 a weights x", "-ERR weight value is not a float")]
    [InlineData("zadd a 1 x; zunion 1 a aggregate avg", "-ERR syntax error")]
    [InlineData("zadd a 1 x; zunion 1 a wrong", "-ERR syntax error")]
    [InlineData("set a x; zunion 1 a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set a x; zunion 1 a wrong", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zinter 2 a b withscores", "*2|$1|y|$1|5")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zinter 2 a b weights 10 1 aggregate min withscores", "*2|$1|y|$1|3")]
    [InlineData("zadd a 1 x 2 y; zinter 2 a nothing", "*0")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zdiff 2 a b withscores", "*2|$1|x|$1|1")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zdiff 2 b a", "*1|$1|z")]
    [InlineData("zadd a 1 x; zdiff 2 a a", "*0")]
    [InlineData("zadd a 1 x; zdiff 1 a weights 1", "-ERR syntax error")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunionstore d 2 a b; zrange d 0 -1 withscores", "*6|$1|x|$1|1|$1|z|$1|4|$1|y|$1|5")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zunionstore a 2 a b weights 1 2", ":3")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zinterstore d 2 a b aggregate max; zrange d 0 -1 withscores", "*2|$1|y|$1|3")]
    [InlineData("zadd a 1 x 2 y; zadd b 3 y 4 z; zdiffstore d 2 a b; zrange d 0 -1 withscores", "*2|$1|x|$1|1")]
    [InlineData("zadd a 1 x; set d y; zinterstore d 2 a nothing; exists d", ":0")]
    [InlineData("zadd a 1 x; zunionstore d 1 a withscores", "-ERR syntax error")]
    [InlineData("zunionstore d 0 a", "-ERR at least 1 input key is needed for 'zunionstore' command")]
    [InlineData("zadd a 1 x; set d y ex 100; zunionstore d 1 a; ttl d", ":-1")]
    [InlineData("zadd a 1 x 2 y 3 z; zadd b 3 y 4 z; zintercard 2 a b", ":2")]
    [InlineData("zadd a 1 x 2 y 3 z; zadd b 3 y 4 z; zintercard 2 a b limit 1", ":1")]
    [InlineData("zadd a 1 x 2 y 3 z; zadd b 3 y 4 z; zintercard 2 a b limit 0", ":2")]
    [InlineData("zintercard 1 a limit -1", "-ERR LIMIT can't be negative")]
    [InlineData("zintercard 1 a limit", "-ERR syntax error")]
    [InlineData("zintercard 0 a", "-ERR at least 1 input key is needed for 'zintercard' command")]
    [InlineData("zintercard 2 a", "-ERR syntax error")]
    [InlineData("zadd a 1 x 2 y; zscan a 0", "*2|$1|0|*4|$1|x|$1|1|$1|y|$1|2")]
    [InlineData("zadd a 1 x 2 y; zscan a 0 match x", "*2|$1|0|*2|$1|x|$1|1")]
    [InlineData("hello 3; zadd a 1.5 x; zscan a 0", "*2|$1|0|*2|$1|x|$3|1.5")]
    [InlineData("zscan a 0", "*2|$1|0|*0")]
    [InlineData("zscan a x", "-ERR invalid cursor")]
    [InlineData("zadd a 1 x; zscan a 0 count 0", "-ERR syntax error")]
    [InlineData("zadd a 1 x; zscan a 0 wrong", "-ERR syntax error")]
    [InlineData("set a x; zscan a 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("zadd a 1 x; type a", "+zset")]
    [InlineData("zadd a 1 x; expire a 100; zadd a 2 y; ttl a", ":100")]
    public void Answers_are_those_of_redis(string lines, string answer) =>
        Assert.Equal(answer, new CacheClient(_engine).AskAll(lines));

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    public void A_scan_shows_what_was_there_all_the_time_whatever_comes_and_goes(int members)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < members; i++)
            client.Ask("zadd", "a", $"{i}", $"stays:{i}");
        var seen = new HashSet<string>();
        var (cursor, step) = ("0", 0);
        do
        {
            var parts = client.Ask("zscan", "a", cursor, "count", "7").Split('|');
            cursor = parts[2];
            seen.UnionWith(parts.Where(part => part.StartsWith("stays:", StringComparison.Ordinal)));
            for (var i = 0; i < 20; i++)
                client.Ask("zadd", "a", "1", $"comes:{step}:{i}");
            for (var i = 0; i < 20 && step > 0; i++)
                client.Ask("zrem", "a", $"comes:{step - 1}:{i}");
            step++;
        }
        while (cursor != "0");
        Assert.Equal(members, seen.Count);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(1_000)]
    public void Draws_are_distinct_where_asked_and_reach_every_member(int members)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < members; i++)
            client.Ask("zadd", "a", $"{i % 7}", $"m{i}");
        var drawn = client.Ask("zrandmember", "a", $"{members / 2}").Split('|').Where(part => part[0] == 'm').ToArray();
        Assert.Equal(members / 2, drawn.Length);
        Assert.Equal(members / 2, drawn.Distinct().Count());
        var all = client.Ask("zrandmember", "a", $"-{members * 20}").Split('|').Where(part => part[0] == 'm').ToArray();
        Assert.Equal(members * 20, all.Length);
        Assert.Equal(members, all.Distinct().Count());
    }

    [Theory]
    [InlineData(128, 64, "PackedSortedSet")]
    [InlineData(129, 64, "TreeSortedSet")]
    [InlineData(1, 65, "TreeSortedSet")]
    public void Small_sets_are_in_one_piece_whether_added_to_or_stored(int members, int length, string form)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < members; i++)
            client.Ask("zadd", "a", "1", $"{i}".PadLeft(i == 0 ? length : 9, 'x'));
        client.Ask("zunionstore", "b", "1", "a");
        Assert.Equal(form, $"{FormOf("a")}");
        Assert.Equal(form, $"{FormOf("b")}");
        Assert.Equal(client.Ask("zrange a 0 -1 withscores"), client.Ask("zrange b 0 -1 withscores"));
    }

    [Fact]
    public void Results_that_are_not_stored_leave_no_memory_behind()
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < 2_000; i++)
        {
            client.Ask("zadd", "a", $"{i}", $"m{i}");
            client.Ask("zadd", "b", $"{-i}", i % 3 == 0 ? $"m{i}" : $"other{new string('x', i)}");
        }

        var before = Chunks();
        client.Ask("zunion 2 a b withscores");
        client.Ask("zinter 2 a b");
        client.Ask("zdiff 2 b a");
        client.Ask("zinterstore d 2 a b");
        client.Ask("zdiffstore d 2 a a");
        Assert.Equal(before, Chunks());
        client.Ask("del a b");
        while (_engine.Maintain(64))
        {
        }

        Assert.Equal(0, Chunks());
    }

    private long Chunks()
    {
        var bytes = 0L;
        foreach (var shard in _engine.Keyspace.Shards)
            bytes += shard.Chunks.Bytes;
        return bytes;
    }

    private ValueForm FormOf(string key)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(key);
        return _engine.Keyspace.ShardOf(name).Find(0, name, _engine.Keyspace.Now).Form;
    }
}
