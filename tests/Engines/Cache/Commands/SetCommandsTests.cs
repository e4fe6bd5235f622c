using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class SetCommandsTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("sadd s a b a", ":2")]
    [InlineData("sadd s 1 2 2 x; scard s", ":3")]
    [InlineData("sadd s", "-ERR wrong number of arguments for 'sadd' command")]
    [InlineData("set s x; sadd s a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s 3 1 2; smembers s", "*3|$1|1|$1|2|$1|3")]
    [InlineData("smembers s", "*0")]
    [InlineData("hello 3; sadd s 3 1 2; smembers s", "~3|$1|1|$1|2|$1|3")]
    [InlineData("hello 3; smembers s", "~0")]
    [InlineData("set s x; smembers s", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s a; sismember s a", ":1")]
    [InlineData("sadd s 1; sismember s 01", ":0")]
    [InlineData("sadd s -0 0; scard s", ":2")]
    [InlineData("sadd s 9223372036854775807 -9223372036854775808 0; smembers s", "*3|$20|-9223372036854775808|$1|0|$19|9223372036854775807")]
    [InlineData("sadd s 1 70000 -3 5000000000; smembers s", "*4|$2|-3|$1|1|$5|70000|$10|5000000000")]
    [InlineData("sismember s a", ":0")]
    [InlineData("sadd s a 1; smismember s 1 b a", "*3|:1|:0|:1")]
    [InlineData("smismember s 1 b", "*2|:0|:0")]
    [InlineData("set s x; smismember s a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s a b; srem s a c a", ":1")]
    [InlineData("sadd s a; srem s a; exists s", ":0")]
    [InlineData("sadd s 1 2 3; srem s 2 x; smembers s", "*2|$1|1|$1|3")]
    [InlineData("srem s a", ":0")]
    [InlineData("scard s", ":0")]
    [InlineData("spop s", "$-1")]
    [InlineData("sadd s a; spop s; exists s", ":0")]
    [InlineData("sadd s a; spop s", "$1|a")]
    [InlineData("spop s 2", "*0")]
    [InlineData("hello 3; spop s 2", "~0")]
    [InlineData("hello 3; sadd s a; spop s 2", "~1|$1|a")]
    [InlineData("sadd s a; spop s 2", "*1|$1|a")]
    [InlineData("sadd s a; spop s 0", "*0")]
    [InlineData("sadd s a; spop s -1", "-ERR value is out of range, must be positive")]
    [InlineData("sadd s a; spop s x", "-ERR value is out of range, must be positive")]
    [InlineData("sadd s a; spop s 1 2", "-ERR syntax error")]
    [InlineData("sadd s a; spop s 5; exists s", ":0")]
    [InlineData("set s x; spop s", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("srandmember s", "$-1")]
    [InlineData("sadd s a; srandmember s", "$1|a")]
    [InlineData("srandmember s 2", "*0")]
    [InlineData("sadd s a; srandmember s 2", "*1|$1|a")]
    [InlineData("sadd s a; srandmember s 0", "*0")]
    [InlineData("sadd s a; srandmember s -2", "*2|$1|a|$1|a")]
    [InlineData("hello 3; sadd s a; srandmember s -2", "*2|$1|a|$1|a")]
    [InlineData("hello 3; sadd s a; srandmember s 2", "*1|$1|a")]
    [InlineData("sadd s a; srandmember s x", "-ERR value is not an integer or out of range")]
    [InlineData("sadd s a; srandmember s 1 2", "-ERR syntax error")]
    [InlineData("sadd s a; srandmember s -9223372036854775808", "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")]
    [InlineData("set s x; srandmember s 2", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s a b; sadd t c; smove s t a; smembers t", "*2|$1|c|$1|a")]
    [InlineData("sadd s a; smove s t a; exists s", ":0")]
    [InlineData("sadd s a; smove s t a", ":1")]
    [InlineData("sadd s a; smove s t b", ":0")]
    [InlineData("smove s t a", ":0")]
    [InlineData("sadd s a; smove s s a", ":1")]
    [InlineData("sadd s a; smove s s b", ":0")]
    [InlineData("sadd s a; set t x; smove s t a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set t x; smove s t a", ":0")]
    [InlineData("set s x; smove s t a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s a; sadd t a b; smove s t a; scard t", ":2")]
    [InlineData("sinter s t", "*0")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sinter s t", "*2|$1|2|$1|3")]
    [InlineData("sadd s 1 2 3; sinter s t", "*0")]
    [InlineData("sadd s 1 2; sadd t 2 x; sinter s t", "*1|$1|2")]
    [InlineData("sadd s 1; sinter s", "*1|$1|1")]
    [InlineData("hello 3; sadd s 1; sinter s", "~1|$1|1")]
    [InlineData("hello 3; sinter s", "~0")]
    [InlineData("sadd s 1; set t x; sinter s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set t x; sinter s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set t x; sinter t s", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set t x; sunion s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set t x; sdiff s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sinterstore d s t; smembers d", "*2|$1|2|$1|3")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sinterstore d s t", ":2")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sinterstore s s t; smembers s", "*2|$1|2|$1|3")]
    [InlineData("sadd s 1; sadd d 5; sinterstore d s t; exists d", ":0")]
    [InlineData("sadd s 1; set d 5; sinterstore d s; type d", "+set")]
    [InlineData("sadd s 1; set d 5; sinterstore d s t; exists d", ":0")]
    [InlineData("sadd s 1; set t x; sinterstore d s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s 1; sadd d x; expire d 100; sinterstore d s; ttl d", ":-1")]
    [InlineData("sinterstore d", "-ERR wrong number of arguments for 'sinterstore' command")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sintercard 2 s t", ":2")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sintercard 2 s t limit 1", ":1")]
    [InlineData("sadd s 1 2 3; sadd t 2 3 4; sintercard 2 s t limit 0", ":2")]
    [InlineData("sintercard 2 s t limit -1", "-ERR LIMIT can't be negative")]
    [InlineData("sintercard 2 s t limit x", "-ERR LIMIT can't be negative")]
    [InlineData("sintercard 2 s t limit", "-ERR syntax error")]
    [InlineData("sintercard 2 s t u", "-ERR syntax error")]
    [InlineData("sintercard 0 s", "-ERR numkeys should be greater than 0")]
    [InlineData("sintercard x s", "-ERR numkeys should be greater than 0")]
    [InlineData("sintercard -1 s", "-ERR numkeys should be greater than 0")]
    [InlineData("sintercard 3 s t", "-ERR Number of keys can't be greater than number of args")]
    [InlineData("sintercard 1 s", ":0")]
    [InlineData("set t x; sintercard 2 s t", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sunion s t", "*0")]
    [InlineData("hello 3; sunion s", "~0")]
    [InlineData("sadd s 1 2; sadd t 2 3; sunionstore d s t; smembers d", "*3|$1|1|$1|2|$1|3")]
    [InlineData("sadd s 1 2; sadd t 2 3; sunionstore s s t; smembers s", "*3|$1|1|$1|2|$1|3")]
    [InlineData("sadd d 1; sunionstore d s t; exists d", ":0")]
    [InlineData("sadd d 1; sunionstore d s t", ":0")]
    [InlineData("sadd s 1 2 3; sadd t 2; sdiff s t", "*2|$1|1|$1|3")]
    [InlineData("sadd s 1 2 3; sadd t 2; sadd u 3 4; sdiff s t u", "*1|$1|1")]
    [InlineData("sadd s 1; sdiff s s", "*0")]
    [InlineData("sdiff s t", "*0")]
    [InlineData("sadd t 1; sdiff s t", "*0")]
    [InlineData("sadd s 1 2 3; sadd t 2; sdiffstore d s t; smembers d", "*2|$1|1|$1|3")]
    [InlineData("sadd s 1 2 3; sadd t 2; sdiffstore t s t; smembers t", "*2|$1|1|$1|3")]
    [InlineData("sadd s 1 2 3; sadd t 2; sdiffstore s s s; exists s", ":0")]
    [InlineData("sscan s 0", "*2|$1|0|*0")]
    [InlineData("sadd s 2 1; sscan s 0", "*2|$1|0|*2|$1|1|$1|2")]
    [InlineData("sadd s 2 1 10; sscan s 0 match 1*", "*2|$1|0|*2|$1|1|$2|10")]
    [InlineData("sadd s a; sscan s y", "-ERR invalid cursor")]
    [InlineData("sadd s a; sscan s 0 count 0", "-ERR syntax error")]
    [InlineData("sadd s a; sscan s 0 type", "-ERR syntax error")]
    [InlineData("set s x; sscan s 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sadd s a; expire s 100; sadd s b; ttl s", ":100")]
    [InlineData("sadd s a; type s", "+set")]
    public void Answers_are_those_of_redis(string lines, string answer) => Assert.Equal(answer, Last(lines));

    // As redis-server 7.0 answers, but for the order.
    [Theory]
    [InlineData("sadd s 1 2; sadd t 2 3; sunion s t", "*3|$1|1|$1|2|$1|3")]
    [InlineData("hello 3; sadd s 1 2; sadd t 2 3; sunion s t", "~3|$1|1|$1|2|$1|3")]
    public void Answers_in_no_order_are_those_of_redis(string lines, string answer)
    {
        var (actual, expected) = (Last(lines).Split('|'), answer.Split('|'));
        Assert.Equal(expected[0], actual[0]);
        Assert.Equal(expected[1..].Order(StringComparer.Ordinal), actual[1..].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("numbers", 512, "", ValueForm.IntegerSet)]
    [InlineData("too many numbers", 513, "", ValueForm.TableSet)]
    [InlineData("numbers and a word", 127, "word", ValueForm.PackedSet)]
    [InlineData("many numbers and a word", 128, "word", ValueForm.TableSet)]
    [InlineData("a word of 64 bytes", 0, "4444444444444444444444444444444444444444444444444444444444444444", ValueForm.PackedSet)]
    [InlineData("a word of 65 bytes", 5, "55555555555555555555555555555555555555555555555555555555555555555", ValueForm.TableSet)]
    public void A_set_is_kept_as_its_members_ask_for_whether_added_or_stored(string what, int numbers, string word, object form)
    {
        var client = new CacheClient(_engine);
        string[] members = [.. Enumerable.Range(0, numbers).Select(i => $"{i * 1000}"), .. word.Length > 0 ? [word] : Array.Empty<string>()];
        foreach (var member in members)
            client.Ask("sadd", what, member);
        Assert.Equal(form, client.FormOf(what));
        Assert.Equal($":{members.Length}", client.Ask("sunionstore", "stored", what));
        Assert.Equal(form, client.FormOf("stored"));
        foreach (var member in members)
            Assert.Equal(":1", client.Ask("sismember", "stored", member));
        Assert.Equal($":{members.Length}", client.Ask("scard", "stored"));
    }

    [Fact]
    public void A_set_does_not_go_back_to_a_smaller_form_until_its_key_is_made_anew()
    {
        var client = new CacheClient(_engine);
        client.Ask("sadd s 1 2 word");
        client.Ask("srem s word");
        Assert.Equal(ValueForm.PackedSet, client.FormOf("s"));
        client.Ask("sadd", "s", new string('x', 65));
        client.Ask("srem", "s", new string('x', 65));
        Assert.Equal(ValueForm.TableSet, client.FormOf("s"));
        client.Ask("srem s 1 2");
        client.Ask("sadd s 1");
        Assert.Equal(ValueForm.IntegerSet, client.FormOf("s"));
    }

    // Of 16 classes at 800 draws each: the 99.9th percentile of chi-square with 15 degrees of freedom is 37.7.
    [Theory]
    [InlineData("1", ValueForm.IntegerSet)]
    [InlineData("a", ValueForm.PackedSet)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ValueForm.TableSet)]
    public void Every_member_is_drawn_as_often_as_any_other(string prefix, object form)
    {
        var client = new CacheClient(_engine);
        var drawn = new Dictionary<string, int[]>();
        for (var i = 0; i < 16; i++)
        {
            client.Ask("sadd", "s", $"{prefix}{i:00}");
            drawn[$"{prefix}{i:00}"] = new int[3];
        }

        Assert.Equal(form, client.FormOf("s"));
        for (var draw = 0; draw < 12_800; draw++)
            drawn[client.Ask("srandmember s").Split('|')[1]][0]++;
        for (var draw = 0; draw < 3_200; draw++)
        {
            var members = Members(client.Ask("srandmember s 4"));
            Assert.Equal(4, members.Distinct().Count());
            foreach (var member in members)
                drawn[member][1]++;
            client.Ask("sunionstore copy s");
            var popped = Members(client.Ask("spop copy 4"));
            Assert.Equal(4, popped.Distinct().Count());
            foreach (var member in popped)
                drawn[member][2]++;
        }

        for (var way = 0; way < 3; way++)
            Assert.InRange(drawn.Values.Sum(n => (n[way] - 800.0) * (n[way] - 800.0) / 800), 0, 37.7);
    }

    [Fact]
    public void A_key_that_expires_while_others_are_looked_up_disturbs_nobody()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 1), time, new Random(1));
        var client = new CacheClient(engine);
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 100; i++)
                client.Ask($"sadd expires:{i} x");
            client.Ask("sadd first a b x");
            client.Ask("sadd last b x");
            for (var i = 0; i < 100; i++)
                client.Ask($"pexpire expires:{i} 10");
            time.Advance(TimeSpan.FromMilliseconds(10));
            string[] keys = ["first", .. Enumerable.Range(0, 100).Select(i => $"expires:{i}"), "last"];
            Assert.Equal("*1|$1|a", client.Ask(["sdiff", .. keys]));
        }
    }

    [Fact]
    public void A_client_whose_output_is_over_its_limit_does_not_hold_the_others_up()
    {
        var client = new CacheClient(_engine) { OutputLimit = 100_000 };
        client.Ask("sadd s a");
        client.Ask("srandmember s -4000000000000000000");
        Assert.Equal(":1", client.Ask("scard s"));
    }

    private static List<string> Members(string answer) => [.. answer.Split('|').Where((_, i) => i > 0 && i % 2 == 0)];

    private string Last(string lines)
    {
        var client = new CacheClient(_engine);
        var last = "";
        foreach (var line in lines.Split("; "))
            last = client.Ask(line);
        return last;
    }
}
