using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Values;

/// <summary>Hashes against dictionaries.</summary>
public sealed class HashModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_sequence_of_commands_reads_as_dictionaries_would(int seed)
    {
        var random = new Random(seed);
        using var engine = NewEngine(seed);
        var client = new CacheClient(engine);
        var model = new Dictionary<string, Dictionary<string, string>>();
        for (var step = 0; step < 50_000; step++)
        {
            // Of eight hashes the first stay small, and the last have a thousand fields.
            var number = random.Next(8);
            var key = $"hash:{number}";
            var field = FieldOf(random, number);
            if (!model.TryGetValue(key, out var known))
                known = [];
            switch (random.Next(10))
            {
                case 0 or 1 or 2:
                    var value = ValueOf(random, number);
                    Assert.Equal(known.ContainsKey(field) ? ":0" : ":1", client.Ask("hset", key, field, value));
                    (model[key] = known)[field] = value;
                    break;
                case 3:
                    Assert.Equal(known.TryAdd(field, "new") ? ":1" : ":0", client.Ask("hsetnx", key, field, "new"));
                    model[key] = known;
                    break;
                case 4 or 5:
                    Assert.Equal(known.Remove(field) ? ":1" : ":0", client.Ask("hdel", key, field));
                    break;
                case 6:
                    var isNumber = long.TryParse(known.GetValueOrDefault(field, "0"), out var before);
                    var answer = client.Ask("hincrby", key, field, "-1000");
                    Assert.Equal(isNumber ? $":{before - 1000}" : "-ERR hash value is not an integer", answer);
                    if (isNumber)
                        (model[key] = known)[field] = $"{before - 1000}";
                    break;
                case 7 when step % 500 == 0:
                    Assert.Equal(known.Count > 0 ? ":1" : ":0", client.Ask("del", key));
                    known.Clear();
                    break;
                default:
                    Assert.Equal(known.TryGetValue(field, out var there) ? $"${there.Length}|{there}" : "$-1", client.Ask("hget", key, field));
                    break;
            }

            if (known.Count == 0)
                model.Remove(key);
            if (step % 100 != 0)
                continue;
            Assert.Equal($":{known.Count}", client.Ask("hlen", key));
            Assert.Equal(Pairs(known), PairsIn(client.Ask("hgetall", key)));
        }

        Assert.Equal(ValueForm.PackedHash, client.FormOf("hash:0"));
        Assert.Equal(ValueForm.TableHash, client.FormOf("hash:7"));
        foreach (var (key, known) in model)
        {
            foreach (var field in known.Keys.ToList())
                Assert.Equal(":1", client.Ask("hdel", key, field));
            Assert.Equal(":0", client.Ask("exists", key));
        }

        Leftovers.AssertNone(engine);
    }

    [Fact]
    public void A_hash_that_is_removed_overwritten_or_expired_gives_all_its_memory_back()
    {
        using var engine = NewEngine(3);
        var client = new CacheClient(engine);
        foreach (var key in new[] { "removed", "overwritten", "expired" })
        {
            for (var i = 0; i < 500; i++)
                client.Ask("hset", key, $"field:{i}", new string('x', i * 3));
        }

        client.Ask("del removed");
        client.Ask("set overwritten x");
        client.Ask("expire expired -1");
        client.Ask("del overwritten");
        Leftovers.AssertNone(engine);
    }

    [Fact]
    public void A_scan_shows_every_field_that_stays_however_much_comes_and_goes()
    {
        var random = new Random(5);
        using var engine = NewEngine(5);
        var client = new CacheClient(engine);
        for (var i = 0; i < 3000; i++)
            client.Ask("hset", "h", $"stays:{i}", "x");
        var seen = new HashSet<string>();
        var (cursor, added, calls) = ("0", 0, 0);
        do
        {
            var answer = client.Ask("hscan", "h", cursor, "count", "40").Split('|');
            cursor = answer[2];
            seen.UnionWith(answer.Where(w => w.StartsWith("stays:", StringComparison.Ordinal)));
            calls++;
            var grows = random.Next(2) == 0;
            for (var i = 0; i < 200 && (grows || added > 0); i++)
                client.Ask(grows ? $"hset h comes:{added++} y" : $"hdel h comes:{--added}");
        }
        while (cursor != "0");

        Assert.Equal(3000, seen.Count);
        Assert.InRange(calls, 20, 1000);
    }

    [Fact]
    public void Memory_stays_within_its_bound_while_hashes_grow_from_one_form_into_the_other()
    {
        const long Limit = 8 << 20;
        var random = new Random(9);
        using var engine = new CacheEngine(new KeyspaceOptions(Limit, EvictionPolicy.AllKeysLru, 4), TimeProvider.System, random);
        var client = new CacheClient(engine);
        for (var i = 0; i < 60_000; i++)
        {
            var answer = client.Ask("hset", $"hash:{random.Next(400)}", $"field:{random.Next(300)}", new string('x', random.Next(200)));
            Assert.StartsWith(":", answer, StringComparison.Ordinal);
            Assert.True(engine.Keyspace.Pool.Held <= Limit, $"{engine.Keyspace.Pool.Held} after {i}");
        }
    }

    private static CacheEngine NewEngine(int seed) =>
        new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(seed));

    private static string FieldOf(Random random, int hash) => hash < 4
        ? $"{random.Next(-20, 20)}"
        : (random.Next(40) == 0 ? new string('f', 700) : "field:") + random.Next(250 << (hash - 4));

    private static string ValueOf(Random random, int hash) => random.Next(10) switch
    {
        < 4 => $"{random.NextInt64(1L << random.Next(1, 62))}",
        < 9 => new string('v', random.Next(60)),
        _ when hash < 2 => "",
        _ => new string('l', random.Next(3) == 0 ? 2000 : 30),
    };

    private static List<string> Pairs(Dictionary<string, string> known) =>
        [.. known.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal)];

    private static List<string> PairsIn(string answer)
    {
        var words = answer.Split('|');
        return [.. Enumerable.Range(0, words.Length / 4).Select(i => $"{words[2 + (i * 4)]}={words[4 + (i * 4)]}").Order(StringComparer.Ordinal)];
    }
}
