using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Resp;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

/// <summary>Every command with arguments by chance.</summary>
public sealed class AnyCommandTests
{
    private static readonly string[] Words =
    [
        "a", "b", "c", "d", "e", "f", "0", "1", "2", "-1", "3", "10", "100", "-9223372036854775808", "9223372036854775807", "1.5", "-inf", "+inf", "nan", "(1", "[a",
        "-", "+", "*", "", "x*->y", "#", "withscores", "limit", "by", "get", "store", "weights", "aggregate", "sum", "count", "left", "right", "before", "nx", "xx",
        "gt", "ch", "incr", "ex", "px", "exat", "persist", "keepttl", "replace", "absttl", "match", "type", "rev", "byscore", "bylex", "min", "max", "rank", "maxlen",
        "\r\n", "\0\u00ff", "withvalues", "db", "async", "copy", "setname", "getname", "list", "info", "usage", "stale",
    ];

    // They hold up, end or empty everything, or are for tests.
    private static readonly string[] Left = ["debug", "shutdown", "client|pause", "flushall", "flushdb", "client|kill", "quit", "monitor", "config|set", "client|reply"];

    [Theory]
    [InlineData(1, "noeviction")]
    [InlineData(2, "allkeys-tinylfu")]
    [InlineData(3, "volatile-lru")]
    public void Whatever_a_command_is_given_it_is_answered_and_nothing_is_lost(int seed, string policyName)
    {
        Assert.True(EvictionPolicies.TryParse(policyName, out var policy));
        var random = new Random(seed);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        using var engine = new CacheEngine(new KeyspaceOptions(4 << 20, policy, 4), time, new Random(seed));
        var commands = CommandCatalog.All
            .SelectMany(c => c.Subcommands.Count > 0 ? c.Subcommands : [c])
            .Where(c => !Left.Contains(c.Name))
            .ToArray();
        var client = new CacheClient(engine);
        for (var step = 0; step < 60_000; step++)
        {
            if (client.IsPaused || client.IsClosed || random.Next(500) == 0)
            {
                client.Close(CloseReason.ByClient);
                client = new CacheClient(engine);
            }

            var command = commands[random.Next(commands.Length)];
            var least = Math.Abs(command.Arity);
            var names = command.Name.Split('|');
            var arguments = Math.Max(0, least - names.Length) + (random.Next(4) == 0 ? random.Next(8) : 0);
            string[] words = [.. names, .. Enumerable.Range(0, arguments).Select(_ => WordOf(random))];

            var answer = client.Ask(words);

            Assert.True(answer.Length > 0 || client.IsPaused || command.Group is "pubsub" or "connection", command.Name);
            if (random.Next(50) == 0)
                time.Advance(TimeSpan.FromMilliseconds(random.Next(2_000)));
            if (random.Next(20) == 0)
                engine.Maintain(16);
        }

        client.Close(CloseReason.ByClient);
        new CacheClient(engine).Ask("flushall");
        Assert.Equal(0, engine.Keyspace.BlockBytes);
    }

    private static string WordOf(Random random) => random.Next(200) == 0 ? new string('z', random.Next(20_000)) : Words[random.Next(Words.Length)];
}
