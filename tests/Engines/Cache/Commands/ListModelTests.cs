using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

/// <summary>Lists against arrays, through the small form and the large one.</summary>
public sealed class ListModelTests
{
    private readonly Dictionary<string, List<string>> _model = [];

    [Theory]
    [InlineData(1, 3, 40)]
    [InlineData(2, 3, 700)]
    [InlineData(3, 8, 5_000)]
    public void Any_sequence_of_commands_does_what_it_does_to_an_array(int seed, int keys, int most)
    {
        var random = new Random(seed);
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(seed));
        var client = new CacheClient(engine);
        for (var step = 0; step < 50_000; step++)
        {
            var key = $"list:{random.Next(keys)}";
            var list = _model.GetValueOrDefault(key) ?? [];
            Step(client, random, key, list, most);
            if (list.Count == 0)
                _model.Remove(key);
            else
                _model[key] = list;
            if (step % 1_000 == 0)
                engine.Keyspace.Maintain(100);
        }

        foreach (var key in Enumerable.Range(0, keys).Select(n => $"list:{n}"))
            Assert.Equal(Answer(_model.GetValueOrDefault(key) ?? []), client.Ask("lrange", key, "0", "-1"));
        Assert.Equal(_model.Count, engine.Keyspace.Count(0));
        foreach (var key in _model.Keys)
            client.Ask("ltrim", key, "1", "0");
        Leftovers.AssertNone(engine);
    }

    private static string Answer(List<string> list) => string.Join('|', list.Select(e => $"${e.Length}|{e}").Prepend($"*{list.Count}"));

    private static string Bulk(string? text) => text is null ? "$-1" : $"${text.Length}|{text}";

    private static string Element(Random random) => random.Next(8) switch
    {
        0 => $"{random.NextInt64(long.MinValue, long.MaxValue)}",
        1 => new string('x', random.Next(900)),
        2 when random.Next(50) == 0 => new string('y', random.Next(20_000)),
        _ => $"{random.Next(50)}",
    };

    private void Step(CacheClient client, Random random, string key, List<string> list, int most)
    {
        var element = Element(random);
        var index = list.Count == 0 ? 0 : random.Next(list.Count);
        switch (random.Next(list.Count < most ? 16 : 12) + (list.Count < most ? 0 : 4))
        {
            case 0 or 1 or 2:
                list.Add(element);
                Assert.Equal($":{list.Count}", client.Ask("rpush", key, element));
                break;
            case 3 or 4:
                list.Insert(0, element);
                Assert.Equal($":{list.Count}", client.Ask("lpush", key, element));
                break;
            case 5:
                Assert.Equal(Bulk(list.Count == 0 ? null : list[0]), client.Ask("lpop", key));
                if (list.Count > 0)
                    list.RemoveAt(0);
                break;
            case 6:
                Assert.Equal(Bulk(list.Count == 0 ? null : list[^1]), client.Ask("rpop", key));
                if (list.Count > 0)
                    list.RemoveAt(list.Count - 1);
                break;
            case 7 when list.Count > 0:
                client.Ask("lset", key, $"{index}", element);
                list[index] = element;
                break;
            case 8 when list.Count > 0:
                var pivot = list.IndexOf(list[index]);
                list.Insert(pivot, element);
                Assert.Equal($":{list.Count}", client.Ask("linsert", key, "before", list[pivot + 1], element));
                break;
            case 9 when list.Count > 0:
                Remove(client, key, list, list[index], random.Next(-3, 4));
                break;
            case 10 when list.Count > 3 && random.Next(40) == 0:
                var (start, kept) = (index / 4, list.Count / 2);
                client.Ask("ltrim", key, $"{start}", $"{start + kept - 1}");
                list.RemoveRange(start + kept, list.Count - start - kept);
                list.RemoveRange(0, start);
                break;
            case 11:
                var count = Math.Min(list.Count, random.Next(4));
                Assert.Equal(list.Count == 0 ? "*-1" : Answer(list[..count]), client.Ask("lpop", key, $"{count}"));
                list.RemoveRange(0, count);
                break;
            case 12 when list.Count > 0:
                Assert.Equal(Bulk(list[index]), client.Ask("lindex", key, $"{index - (random.Next(2) * list.Count)}"));
                break;
            case 13:
                var found = list.IndexOf(element);
                Assert.Equal(found < 0 ? "$-1" : $":{found}", client.Ask("lpos", key, element));
                break;
            case 14 when list.Count > 0:
                var last = list[^1];
                list.RemoveAt(list.Count - 1);
                list.Insert(0, last);
                Assert.Equal(Bulk(last), client.Ask("rpoplpush", key, key));
                break;
            default:
                var part = list.Skip(index).Take(10).ToList();
                Assert.Equal(Answer(part), client.Ask("lrange", key, $"{index}", $"{index + 9}"));
                break;
        }
    }

    private static void Remove(CacheClient client, string key, List<string> list, string element, int count)
    {
        var removed = 0;
        var most = count == 0 ? int.MaxValue : Math.Abs(count);
        while (removed < most && (count < 0 ? list.LastIndexOf(element) : list.IndexOf(element)) is >= 0 and var at)
        {
            list.RemoveAt(at);
            removed++;
        }

        Assert.Equal($":{removed}", client.Ask("lrem", key, $"{count}", element));
    }
}
