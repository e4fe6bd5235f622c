using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Values;

/// <summary>Sets against those of the runtime.</summary>
public sealed class SetModelTests
{
    private static readonly string[] Keys = ["numbers", "few", "many", "long", "mixed", "result"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_sequence_of_commands_reads_as_sets_would(int seed)
    {
        var random = new Random(seed);
        using var engine = NewEngine(seed);
        var client = new CacheClient(engine);
        var model = Keys.ToDictionary(k => k, _ => new HashSet<string>());
        for (var step = 0; step < 50_000; step++)
        {
            var key = Keys[random.Next(Keys.Length)];
            var (known, member) = (model[key], MemberOf(random, key));
            switch (random.Next(20))
            {
                case < 8:
                    Assert.Equal(known.Add(member) ? ":1" : ":0", client.Ask("sadd", key, member));
                    break;
                case < 12:
                    Assert.Equal(known.Remove(member) ? ":1" : ":0", client.Ask("srem", key, member));
                    break;
                case < 15:
                    Assert.Equal(known.Contains(member) ? ":1" : ":0", client.Ask("sismember", key, member));
                    break;
                case 15:
                    var target = Keys[random.Next(Keys.Length)];
                    var moves = known.Contains(member);
                    Assert.Equal(moves ? ":1" : ":0", client.Ask("smove", key, target, member));
                    if (moves && known.Remove(member))
                        model[target].Add(member);
                    break;
                case 16 when known.Count > 0:
                    var popped = Members(client.Ask("spop", key, $"{random.Next(3)}"));
                    Assert.True(popped.TrueForAll(known.Remove));
                    break;
                case 17 when step % 200 == 0:
                    client.Ask("del", key);
                    known.Clear();
                    break;
                case 18 when step % 20 == 0:
                    Combine(client, model, random);
                    break;
                default:
                    Assert.Equal($":{known.Count}", client.Ask("scard", key));
                    break;
            }

            if (step % 100 == 0)
                Assert.Equal(model[key].Order(StringComparer.Ordinal), Members(client.Ask("smembers", key)).Order(StringComparer.Ordinal));
        }

        foreach (var (key, known) in model)
        {
            foreach (var member in known)
                Assert.Equal(":1", client.Ask("srem", key, member));
            Assert.Equal(":0", client.Ask("exists", key));
        }

        Leftovers.AssertNone(engine);
    }

    [Fact]
    public void A_scan_shows_every_member_that_stays_however_much_comes_and_goes()
    {
        var random = new Random(5);
        using var engine = NewEngine(5);
        var client = new CacheClient(engine);
        for (var i = 0; i < 3000; i++)
            client.Ask($"sadd s stays:{i}");
        var seen = new HashSet<string>();
        var (cursor, added, calls) = ("0", 0, 0);
        do
        {
            var answer = client.Ask($"sscan s {cursor} count 40").Split('|');
            cursor = answer[2];
            seen.UnionWith(answer.Where(w => w.StartsWith("stays:", StringComparison.Ordinal)));
            calls++;
            var grows = random.Next(2) == 0;
            for (var i = 0; i < 200 && (grows || added > 0); i++)
                client.Ask(grows ? $"sadd s comes:{added++}" : $"srem s comes:{--added}");
        }
        while (cursor != "0");

        Assert.Equal(3000, seen.Count);
        Assert.InRange(calls, 20, 1000);
    }

    [Fact]
    public void A_difference_is_the_same_in_whichever_way_it_is_made()
    {
        using var engine = NewEngine(7);
        var client = new CacheClient(engine);
        for (var i = 0; i < 2000; i++)
            client.Ask($"sadd first {i} word:{i}");

        // Few members to take out of many, then many to look for.
        client.Ask("sadd small:1 5 word:7 none");
        client.Ask("sadd small:2 5 word:8");
        for (var i = 0; i < 3000; i++)
            client.Ask($"sadd large {i + 1000} word:{i + 1000}");
        Assert.Equal(":3997", client.Ask("sdiffstore out first small:1 small:2 small:1"));
        Assert.Equal("*4|:0|:0|:0|:1", client.Ask("smismember out 5 word:7 word:8 word:9"));
        Assert.Equal(3997, Members(client.Ask("sdiff first small:1 small:2 small:1")).Count);
        Assert.Equal(":2000", client.Ask("sdiffstore out first large"));
        Assert.Equal("*4|:1|:1|:0|:0", client.Ask("smismember out 999 word:999 1000 word:1000"));
        Assert.Equal(":0", client.Ask("sdiffstore first first small:1 first first"));
        Assert.Equal(":0", client.Ask("exists first"));
    }

    [Fact]
    public void Nothing_is_left_of_sets_that_are_gone_nor_of_results_that_were_only_shown()
    {
        using var engine = NewEngine(3);
        var client = new CacheClient(engine);
        for (var i = 0; i < 800; i++)
            client.Ask("sadd", $"s:{i % 2}", new string('x', i * 2), $"{i}");
        client.Ask("sunion s:0 s:1");
        client.Ask("sdiff s:0 s:1 s:1 s:1");
        client.Ask("sunionstore stored s:0 s:1");
        client.Ask("set stored x");
        client.Ask("del s:0 stored");
        client.Ask("expire s:1 -1");
        Leftovers.AssertNone(engine);
    }

    private static CacheEngine NewEngine(int seed) =>
        new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(seed));

    private static void Combine(CacheClient client, Dictionary<string, HashSet<string>> model, Random random)
    {
        var keys = random.GetItems(Keys, random.Next(1, 4));
        var expected = model[keys[0]].ToHashSet();
        var name = random.Next(3) switch { 0 => "sinter", 1 => "sunion", _ => "sdiff" };
        foreach (var other in keys.Skip(1).Select(k => model[k]))
        {
            if (name == "sinter")
                expected.IntersectWith(other);
            else if (name == "sunion")
                expected.UnionWith(other);
            else
                expected.ExceptWith(other);
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), Members(client.Ask([name, .. keys])).Order(StringComparer.Ordinal));
        if (name == "sinter")
            Assert.Equal($":{Math.Min(expected.Count, 3)}", client.Ask(["sintercard", $"{keys.Length}", .. keys, "limit", "3"]));
        Assert.Equal($":{expected.Count}", client.Ask([$"{name}store", "result", .. keys]));
        model["result"] = expected;
    }

    private static string MemberOf(Random random, string key) => key switch
    {
        "numbers" => $"{random.Next(-300, 300) * (long)Math.Pow(10, random.Next(16))}",
        "few" => $"word:{random.Next(60)}",
        "many" => $"{random.Next(2000)}",
        "long" => new string((char)('a' + random.Next(10)), random.Next(1500)),
        _ => random.Next(2) == 0 ? $"{random.Next(200)}" : $"word:{random.Next(200)}",
    };

    private static List<string> Members(string answer) => [.. answer.Split('|').Where((_, i) => i > 0 && i % 2 == 0)];
}
