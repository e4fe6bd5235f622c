using System.Globalization;
using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Tests.Commands;

/// <summary>
/// Keys are fetched ahead without a lock, while on other threads everything that moves goes on: tables grow, pages are evacuated and given
/// back, keys leave, whole databases and spaces are emptied. What is looked at then is gone or another's, and must do no harm.
/// </summary>
public sealed class LookaheadRaceTests
{
    private const int Batches = 4_000;
    private const int Pipelined = 12;

    [Theory]
    [InlineData(1, 1, 2 << 20)]
    [InlineData(2, 4, 4 << 20)]
    [InlineData(3, 4, 0)]
    public async Task Who_reads_many_keys_at_once_gets_their_values_or_none_whatever_others_do(int seed, int shards, long limit)
    {
        using var engine = new CacheEngine(new KeyspaceOptions(limit, EvictionPolicy.AllKeysTinyLfu, shards), TimeProvider.System, new Random(seed));
        new EmbeddedServer(engine).Open(new CacheSpace("some", 1 << 20));
        var done = 0;
        Task[] readers = [Start(() => Read(engine, "0", seed)), Start(() => Read(engine, "some", seed + 10))];
        Task[] writers =
        [
            Start(() => Write(engine, "0", "flushall", seed + 20, () => Volatile.Read(ref done) == 1)),
            Start(() => Write(engine, "some", "flushdb", seed + 30, () => Volatile.Read(ref done) == 1)),
        ];

        await Task.WhenAll(readers);
        Volatile.Write(ref done, 1);
        await Task.WhenAll(writers);
        var client = new CacheClient(engine);
        client.AskAll("flushall; select some; flushdb");
        Assert.Equal(0, engine.Keyspace.BlockBytes);
    }

    private static Task Start(Action act) =>
        Task.Factory.StartNew(act, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // As a connection does: it looks at what has come, group by group, and runs it.
    private static unsafe void Read(CacheEngine engine, string database, int seed)
    {
        var random = new Random(seed);
        var client = new CacheClient(engine);
        client.Ask("select", database);
        var keyspace = database == "0" ? engine.Keyspace : engine.Spaces.Named.Single().Keyspace;
        var keys = new int[Pipelined];
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var i = 0; i < keys.Length; i++)
                keys[i] = random.Next(random.Next(2) == 0 ? 100 : 20_000);
            var bytes = Encoding.ASCII.GetBytes(string.Concat(keys.Select(Request)));
            fixed (byte* data = bytes)
            {
                var (ahead, at) = (0, 0);
                foreach (var key in keys)
                {
                    if (--ahead < 0)
                        ahead = KeyLookahead.Fetch(keyspace, 0, data + at, bytes.Length - at);
                    at += Request(key).Length;
                    var answer = client.Ask("get", Name(key));
                    Assert.True(answer == "$-1" || answer == Answer(key), answer);
                }
            }
        }
    }

    private static void Write(CacheEngine engine, string database, string flush, int seed, Func<bool> isOver)
    {
        var random = new Random(seed);
        var client = new CacheClient(engine);
        client.Ask("select", database);
        for (var step = 0; !isOver(); step++)
        {
            // A thousand more at a time, so that tables grow; then some go, and pages with them.
            for (var i = 0; i < 1000; i++)
                Set(client, ((step % 20) * 1000) + i);
            for (var i = 0; i < 200; i++)
                client.Ask("del", Name(random.Next(20_000)));
            for (var i = 0; i < 50; i++)
                Set(client, random.Next(100));
            if (random.Next(8) == 0)
                client.Ask(flush);
            engine.Maintain(64);
        }
    }

    private static void Set(CacheClient client, int key)
    {
        var answer = client.Ask("set", Name(key), Value(key));
        Assert.Equal("+OK", answer);
    }

    private static string Request(int key) => string.Create(CultureInfo.InvariantCulture, $"*2\r\n$3\r\nGET\r\n${Name(key).Length}\r\n{Name(key)}\r\n");

    private static string Name(int key) => string.Create(CultureInfo.InvariantCulture, $"key:{key}");

    // Of many sizes, and of both forms; it says whose it is.
    private static string Value(int key) => (key % 7) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{key}"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{key}:") + new string('x', key % 3000),
        _ => string.Create(CultureInfo.InvariantCulture, $"{key}:") + new string('y', key % 90),
    };

    private static string Answer(int key) => string.Create(CultureInfo.InvariantCulture, $"${Value(key).Length}|{Value(key)}");
}
