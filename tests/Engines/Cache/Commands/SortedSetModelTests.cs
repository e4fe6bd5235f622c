using System.Globalization;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

/// <summary>Sorted sets against ordered sets, through the small form and the large one.</summary>
public sealed class SortedSetModelTests
{
    private readonly Dictionary<string, Dictionary<string, double>> _model = [];

    [Theory]
    [InlineData(1, 3, 60)]
    [InlineData(2, 3, 300)]
    [InlineData(3, 4, 4_000)]
    public void Any_sequence_of_commands_does_what_it_does_to_an_ordered_set(int seed, int keys, int members)
    {
        var random = new Random(seed);
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(seed));
        var client = new CacheClient(engine);
        for (var step = 0; step < 50_000; step++)
        {
            var key = $"set:{random.Next(keys)}";
            var set = _model.GetValueOrDefault(key) ?? [];
            Step(client, random, key, set, Member(random, members));
            if (set.Count == 0)
                _model.Remove(key);
            else
                _model[key] = set;
            if (step % 1_000 == 0)
                engine.Keyspace.Maintain(100);
        }

        foreach (var key in Enumerable.Range(0, keys).Select(n => $"set:{n}"))
            Assert.Equal(Answer(Ordered(_model.GetValueOrDefault(key) ?? [])), client.Ask("zrange", key, "0", "-1", "withscores"));
        Assert.Equal(_model.Count, engine.Keyspace.Count(0));
        foreach (var (key, set) in _model)
            Assert.Equal($":{set.Count}", client.Ask("zremrangebyrank", key, "0", "-1"));
        Leftovers.AssertNone(engine);
    }

    private static List<KeyValuePair<string, double>> Ordered(Dictionary<string, double> set) =>
        [.. set.OrderBy(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal)];

    private static string Answer(List<KeyValuePair<string, double>> members) =>
        string.Join('|', members.Select(m => $"{Bulk(m.Key)}|{Bulk(Text(m.Value))}").Prepend($"*{members.Count * 2}"));

    private static string Bulk(string text) => $"${text.Length}|{text}";

    private static string Text(double score) => score.ToString(CultureInfo.InvariantCulture);

    // Numbers, short names, and names too long for the small form, or for a place among others.
    private static string Member(Random random, int members)
    {
        var number = random.Next(members);
        return (number % 5) switch
        {
            0 => $"{number}",
            1 when members > 128 => $"{number}:{new string('x', number % 1_000)}",
            _ => $"member:{number}",
        };
    }

    private static double Score(Random random) => random.Next(3) == 0 ? random.Next(-3, 4) : random.Next(-4_000, 4_000) / 4.0;

    private static void Step(CacheClient client, Random random, string key, Dictionary<string, double> set, string member)
    {
        var score = Score(random);
        var (low, high) = (Math.Min(score, 3), Math.Max(score, 3));
        switch (random.Next(18))
        {
            case <= 6:
                Assert.Equal(set.ContainsKey(member) ? ":0" : ":1", client.Ask("zadd", key, Text(score), member));
                set[member] = score;
                break;
            case 7:
                set[member] = set.GetValueOrDefault(member) + score;
                Assert.Equal(Bulk(Text(set[member])), client.Ask("zincrby", key, Text(score), member));
                break;
            case 8 or 9:
                Assert.Equal(set.Remove(member) ? ":1" : ":0", client.Ask("zrem", key, member));
                break;
            case 10:
                Assert.Equal(set.TryGetValue(member, out var known) ? Bulk(Text(known)) : "$-1", client.Ask("zscore", key, member));
                break;
            case 11:
                var rank = Ordered(set).FindIndex(m => m.Key == member);
                Assert.Equal(rank < 0 ? "$-1" : $":{rank}", client.Ask("zrank", key, member));
                break;
            case 12:
                var first = Ordered(set).Take(2).ToList();
                foreach (var (name, _) in first)
                    set.Remove(name);
                Assert.Equal(Answer(first), client.Ask("zpopmin", key, "2"));
                break;
            case 13:
                var last = Enumerable.Reverse(Ordered(set)).Take(3).ToList();
                foreach (var (name, _) in last)
                    set.Remove(name);
                Assert.Equal(Answer(last), client.Ask("zpopmax", key, "3"));
                break;
            case 14:
                var within = Ordered(set).Where(m => m.Value >= low && m.Value < high).ToList();
                Assert.Equal($":{within.Count}", client.Ask("zcount", key, Text(low), $"({Text(high)}"));
                within.Reverse();
                Assert.Equal(
                    Answer([.. within.Skip(2).Take(5)]),
                    client.Ask("zrange", key, $"({Text(high)}", Text(low), "byscore", "rev", "limit", "2", "5", "withscores"));
                break;
            case 15 when random.Next(20) == 0:
                var gone = Ordered(set).Where(m => m.Value > low && m.Value <= high).ToList();
                foreach (var (name, _) in gone)
                    set.Remove(name);
                Assert.Equal($":{gone.Count}", client.Ask("zremrangebyscore", key, $"({Text(low)}", Text(high)));
                break;
            case 16 when set.Count >= 10 && random.Next(20) == 0:
                var (from, count) = (set.Count / 3, set.Count / 10);
                foreach (var (name, _) in Ordered(set).Skip(from).Take(count))
                    set.Remove(name);
                Assert.Equal($":{count}", client.Ask("zremrangebyrank", key, $"{from}", $"{from + count - 1}"));
                break;
            default:
                var start = random.Next(set.Count + 1);
                Assert.Equal(
                    Answer([.. Ordered(set).Skip(start).Take(10)]),
                    client.Ask("zrange", key, $"{start}", $"{start + 9}", "withscores"));
                break;
        }
    }
}
