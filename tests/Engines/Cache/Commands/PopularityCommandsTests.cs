using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class PopularityCommandsTests
{
    [Fact]
    public void Hot_keys_are_shown_with_their_rates_the_hottest_first()
    {
        using var engine = Engine();
        var client = new CacheClient(engine);
        client.AskAll("set a 1; set b 1; select 3; set c 1; get c; select 0");
        for (var i = 0; i < 30; i++)
            client.AskAll("get a; get a; get b");
        var answer = client.Ask("hotkeys count 2");
        Assert.Contains("|$3|key|$1|a|", answer, StringComparison.Ordinal);
        Assert.Contains("|$3|key|$1|b|", answer, StringComparison.Ordinal);
        Assert.True(answer.IndexOf("|a|", StringComparison.Ordinal) < answer.IndexOf("|b|", StringComparison.Ordinal));
        Assert.DoesNotContain("|c|", answer, StringComparison.Ordinal);
        Assert.Contains("|:3|", client.Ask("hotkeys count 3"), StringComparison.Ordinal);
        Assert.Contains("hot_keys:3|", client.Ask("info popularity"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hotkeys count", "-ERR syntax error")]
    [InlineData("hotkeys count 0", "-ERR COUNT is 1 to 64")]
    [InlineData("hotkeys count x", "-ERR value is not an integer or out of range")]
    [InlineData("missratio now", "-ERR syntax error")]
    public void What_makes_no_sense_is_refused(string line, string answer)
    {
        using var engine = Engine();
        Assert.Equal(answer, new CacheClient(engine).Ask(line));
    }

    [Fact]
    public void The_curve_of_misses_falls_with_memory()
    {
        using var engine = Engine();
        var client = new CacheClient(engine);
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
            client.Ask("set", $"key:{random.Next(1, 20_000)}", new string('x', 500), "nx", "get");
        var ratios = engine.Keyspace.Sample.Curve().Points.Select(p => p.Ratio).ToArray();
        Assert.Equal(ratios.OrderDescending(), ratios);
        Assert.True(ratios[0] > ratios[^1] + 0.3);
        Assert.StartsWith("*6|$6|policy|$7|tinylfu|$7|samples|", client.Ask("missratio"), StringComparison.Ordinal);
        Assert.Contains("miss_ratio_policy:tinylfu|", client.Ask("info popularity"), StringComparison.Ordinal);
        Assert.Contains("miss_ratio_at_0.5:0.", client.Ask("info popularity"), StringComparison.Ordinal);
    }

    private static CacheEngine Engine() =>
        new(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysTinyLfu, 4), TimeProvider.System, new Random(7));
}
