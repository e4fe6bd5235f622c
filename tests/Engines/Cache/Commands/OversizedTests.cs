using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

/// <summary>What could never be kept makes nobody leave.</summary>
public sealed class OversizedTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 4), TimeProvider.System, new Random(1));

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("setrange a 500000000 x", "-OOM command not allowed when used memory > 'maxmemory'.")]
    [InlineData("setrange a 536870912 x", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)")]
    [InlineData("setrange a -1 x", "-ERR offset is out of range")]
    public void It_is_refused_and_all_keys_stay(string line, string answer)
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < 1_000; i++)
            client.Ask("set", $"k{i}", "value");

        Assert.Equal(answer, client.Ask(line));

        Assert.Equal(":1000", client.Ask("dbsize"));
    }

    [Fact]
    public void What_is_added_as_a_number_and_taken_away_again_leaves_nothing()
    {
        var client = new CacheClient(_engine);

        client.Ask("incrbyfloat f 0.024390243902439025");

        Assert.Equal("$1|0", client.Ask("incrbyfloat f -0.024390243902439025"));
    }
}
