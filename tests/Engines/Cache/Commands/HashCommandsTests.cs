using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class HashCommandsTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("hset h a 1 b 2", ":2")]
    [InlineData("hset h a 1; hset h a 2 b 3", ":1")]
    [InlineData("hset h a", "-ERR wrong number of arguments for 'hset' command")]
    [InlineData("hset h a 1 b", "-ERR wrong number of arguments for 'hset' command")]
    [InlineData("hset h a 1; hget h a", "$1|1")]
    [InlineData("hget h a", "$-1")]
    [InlineData("hset h a 1; hget h b", "$-1")]
    [InlineData("set h x; hget h a", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("set h x; hset h a 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hmset h a 1 b 2", "+OK")]
    [InlineData("hmset h a 1 b", "-ERR wrong number of arguments for 'hmset' command")]
    [InlineData("hsetnx h a 1; hsetnx h a 2; hget h a", "$1|1")]
    [InlineData("hset h a 1 c 007; hmget h a b c", "*3|$1|1|$-1|$3|007")]
    [InlineData("hmget h a b", "*2|$-1|$-1")]
    [InlineData("hset h a 1 b x; hgetall h", "*4|$1|a|$1|1|$1|b|$1|x")]
    [InlineData("hgetall h", "*0")]
    [InlineData("hset h a 1 b x; hello 3; hgetall h", "%2|$1|a|$1|1|$1|b|$1|x")]
    [InlineData("hello 3; hgetall h", "%0")]
    [InlineData("hset h a 1 b x; hkeys h", "*2|$1|a|$1|b")]
    [InlineData("hset h a 1 b x; hvals h", "*2|$1|1|$1|x")]
    [InlineData("hello 3; hset h a 1; hkeys h", "*1|$1|a")]
    [InlineData("hkeys h", "*0")]
    [InlineData("hvals h", "*0")]
    [InlineData("hset h a 1 b x; hlen h", ":2")]
    [InlineData("hlen h", ":0")]
    [InlineData("hset h a 1; hexists h a", ":1")]
    [InlineData("hset h a 1; hexists h b", ":0")]
    [InlineData("hset h a -100 b hello; hstrlen h a", ":4")]
    [InlineData("hset h a -100 b hello; hstrlen h b", ":5")]
    [InlineData("hstrlen h a", ":0")]
    [InlineData("hset h a 1 b 2; hdel h a c a", ":1")]
    [InlineData("hset h a 1; hdel h a; exists h", ":0")]
    [InlineData("hset h a 1 b 2; hdel h a b a; type h", "+none")]
    [InlineData("hdel h a", ":0")]
    [InlineData("hset h a 5; hincrby h a -7", ":-2")]
    [InlineData("hincrby h a 10; hincrby h a 10; hget h a", "$2|20")]
    [InlineData("hset h a x; hincrby h a 1", "-ERR hash value is not an integer")]
    [InlineData("hset h a 1.5; hincrby h a 1", "-ERR hash value is not an integer")]
    [InlineData("hincrby h a 1.5", "-ERR value is not an integer or out of range")]
    [InlineData("hset h a 9223372036854775807; hincrby h a 1", "-ERR increment or decrement would overflow")]
    [InlineData("hset h a -9223372036854775808; hincrby h a -1", "-ERR increment or decrement would overflow")]
    [InlineData("hset h a 01; hincrby h a 1", "-ERR hash value is not an integer")]
    [InlineData("set h x; hincrby h a y", "-ERR value is not an integer or out of range")]
    [InlineData("set h x; hincrby h a 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hincrbyfloat h a 10.5", "$4|10.5")]
    [InlineData("hset h a 10.50; hincrbyfloat h a 0.1", "$4|10.6")]
    [InlineData("hset h a 5.0e3; hincrbyfloat h a 2.0e2", "$4|5200")]
    [InlineData("hset h a 1; hincrbyfloat h a -5", "$2|-4")]
    [InlineData("hset h a x; hincrbyfloat h a 1", "-ERR hash value is not a float")]
    [InlineData("hincrbyfloat h a x", "-ERR value is not a valid float")]
    [InlineData("hincrbyfloat h a inf", "-ERR value is NaN or Infinity")]
    [InlineData("hset h a inf; hincrbyfloat h a 1", "-ERR increment would produce NaN or Infinity")]
    [InlineData("hrandfield h", "$-1")]
    [InlineData("hset h a 1; hrandfield h", "$1|a")]
    [InlineData("hrandfield h 3", "*0")]
    [InlineData("hset h a 1; hrandfield h 3", "*1|$1|a")]
    [InlineData("hset h a 1; hrandfield h 0", "*0")]
    [InlineData("hset h a 1; hrandfield h -3", "*3|$1|a|$1|a|$1|a")]
    [InlineData("hset h a 1; hrandfield h 2 withvalues", "*2|$1|a|$1|1")]
    [InlineData("hset h a 1; hrandfield h -2 withvalues", "*4|$1|a|$1|1|$1|a|$1|1")]
    [InlineData("hello 3; hset h a 1; hrandfield h -2 withvalues", "*2|*2|$1|a|$1|1|*2|$1|a|$1|1")]
    [InlineData("hello 3; hset h a 1; hrandfield h 2 withvalues", "*1|*2|$1|a|$1|1")]
    [InlineData("hello 3; hset h a 1; hrandfield h 2", "*1|$1|a")]
    [InlineData("hset h a 1; hrandfield h x", "-ERR value is not an integer or out of range")]
    [InlineData("hset h a 1; hrandfield h 1 withvalue", "-ERR syntax error")]
    [InlineData("hset h a 1; hrandfield h 1 withvalues x", "-ERR syntax error")]
    [InlineData("hset h a 1; hrandfield h -9223372036854775808", "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")]
    [InlineData("hset h a 1; hrandfield h 9223372036854775807 withvalues", "-ERR value is out of range")]
    [InlineData("set h x; hrandfield h 1", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hscan h 0", "*2|$1|0|*0")]
    [InlineData("hset h a 1 b 2; hscan h 0", "*2|$1|0|*4|$1|a|$1|1|$1|b|$1|2")]
    [InlineData("hset h a 1 b 2; hscan h 5 count 1", "*2|$1|0|*4|$1|a|$1|1|$1|b|$1|2")]
    [InlineData("hset h a 1 b 2 ba 3; hscan h 0 match b*", "*2|$1|0|*4|$1|b|$1|2|$2|ba|$1|3")]
    [InlineData("hset h a 1; hscan h x", "-ERR invalid cursor")]
    [InlineData("hset h a 1; hscan h 0 count 0", "-ERR syntax error")]
    [InlineData("hset h a 1; hscan h 0 count x", "-ERR value is not an integer or out of range")]
    [InlineData("hset h a 1; hscan h 0 match", "-ERR syntax error")]
    [InlineData("hset h a 1; hscan h 0 novalues", "-ERR syntax error")]
    [InlineData("hscan h 0 count 0", "*2|$1|0|*0")]
    [InlineData("set h x; hscan h 0", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hset h a 1; expire h 100; hset h b 2; ttl h", ":100")]
    [InlineData("hset h a 1; type h", "+hash")]
    [InlineData("hset h a 1; set h x; get h", "$1|x")]
    [InlineData("hset h a 1 a 2; hgetall h", "*2|$1|a|$1|2")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var client = new CacheClient(_engine);
        var last = "";
        foreach (var line in lines.Split("; "))
            last = client.Ask(line);
        Assert.Equal(answer, last);
    }

    [Fact]
    public void A_hash_leaves_its_one_piece_with_the_129th_field_or_the_first_of_65_bytes()
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < 128; i++)
            client.Ask("hset", "many", $"field:{i}", "x");
        client.Ask("hset", "long", "a", new string('x', 64));
        Assert.Equal(ValueForm.PackedHash, client.FormOf("many"));
        Assert.Equal(ValueForm.PackedHash, client.FormOf("long"));

        client.Ask("hset", "many", "field:7", "other");
        Assert.Equal(ValueForm.PackedHash, client.FormOf("many"));
        client.Ask("hset", "many", "field:128", "x");
        client.Ask("hset", "long", "a", new string('x', 65));
        Assert.Equal(ValueForm.TableHash, client.FormOf("many"));
        Assert.Equal(ValueForm.TableHash, client.FormOf("long"));
        Assert.Equal(":129", client.Ask("hlen many"));
        Assert.Equal("$5|other", client.Ask("hget many field:7"));
    }

    [Fact]
    public void A_hash_under_a_long_key_is_in_one_piece_only_as_far_as_half_a_page_goes()
    {
        var client = new CacheClient(_engine);
        var key = new string('k', 8100);
        client.Ask("hset", key, "a", "1");
        Assert.Equal(ValueForm.PackedHash, client.FormOf(key));
        client.Ask("hset", key, "b", new string('x', 64));
        Assert.Equal(ValueForm.TableHash, client.FormOf(key));
        Assert.Equal("$1|1", client.Ask("hget", key, "a"));
        Assert.Equal(":1", client.Ask("expire", key, "100"));
        Assert.Equal("$1|1", client.Ask("hget", key, "a"));
    }

    // Of 16 classes at 800 draws each: the 99.9th percentile of chi-square with 15 degrees of freedom is 37.7.
    [Theory]
    [InlineData("1")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void Every_field_is_drawn_as_often_as_any_other(string value)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < 16; i++)
            client.Ask("hset", "h", $"{i}", value);
        Assert.Equal(value.Length > 64 ? ValueForm.TableHash : ValueForm.PackedHash, client.FormOf("h"));
        var single = new int[16];
        var several = new int[16];
        for (var draw = 0; draw < 12_800; draw++)
            single[int.Parse(client.Ask("hrandfield h").Split('|')[1], null)]++;
        for (var draw = 0; draw < 3_200; draw++)
        {
            var fields = client.Ask("hrandfield h 4").Split('|').Where((_, i) => i > 0 && i % 2 == 0).ToList();
            Assert.Equal(4, fields.Distinct().Count());
            foreach (var field in fields)
                several[int.Parse(field, null)]++;
        }

        Assert.InRange(single.Sum(n => (n - 800.0) * (n - 800.0) / 800), 0, 37.7);
        Assert.InRange(several.Sum(n => (n - 800.0) * (n - 800.0) / 800), 0, 37.7);
    }

    [Fact]
    public void A_client_whose_output_is_over_its_limit_does_not_hold_the_others_up()
    {
        var client = new CacheClient(_engine) { OutputLimit = 100_000 };
        client.Ask("hset h a 1");
        client.Ask("hrandfield h -4000000000000000000");
        Assert.Equal("$1|1", client.Ask("hget h a"));
    }
}
