using System.Globalization;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>kcat, as people use it on the command line: librdkafka's client.</summary>
public sealed class KcatTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Records_with_keys_and_headers_come_back_as_they_were_written(string codec)
    {
        await using var broker = await RunningBroker.StartAsync();
        var lines = Enumerable.Range(0, 500).Select(i => $"key{i % 7}|value {i} {new string('x', i % 50)}").ToList();

        _ = await ClientProgram.KcatAsync(broker, string.Join('\n', lines), "-P", "-t", "t", "-K", "|", "-z", codec, "-H", "h=one");
        var read = await ClientProgram.KcatAsync(broker, "", "-C", "-t", "t", "-e", "-q", "-f", "%k|%s|%h\n");

        Assert.Equal(lines.Select(line => $"{line}|h=one"), read);
    }

    [Theory]
    [InlineData("enable.idempotence=true")]
    [InlineData("acks=0")]
    [InlineData("acks=1")]
    [InlineData("broker.version.fallback=0.11.0")]
    public async Task Producers_of_every_kind_are_served(string setting)
    {
        await using var broker = await RunningBroker.StartAsync();
        var lines = Enumerable.Range(0, 1000).Select(i => $"{i}").ToList();

        _ = await ClientProgram.KcatAsync(broker, string.Join('\n', lines), "-P", "-t", "t", "-X", setting);
        var read = await ClientProgram.KcatAsync(broker, "", "-C", "-t", "t", "-e", "-q");

        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_was()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        _ = await broker.AppendAsync("t", 0, "a", "b");
        _ = await broker.AppendAsync("t", 1, "c");
        Task<string[]> ReadAsync() => ClientProgram.KcatAsync(broker, "", "-G", "g", "-q", "-e", "-X", "auto.offset.reset=earliest", "t");

        Assert.Equal(["a", "b", "c"], (await ReadAsync()).Order());
        _ = await broker.AppendAsync("t", 1, "d");
        Assert.Equal(["d"], await ReadAsync());
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_read_from_there()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var (value, age) in new[] { ("a", 3000), ("b", 2000), ("c", 1000) })
            await broker.Node.Topics.Find("t")!.Partitions[0].Append(Logs.TestBatches.Of([value], now - age)).Round!.Durable;

        var read = await ClientProgram.KcatAsync(broker, "", "-C", "-t", "t", "-e", "-q", "-o", string.Create(CultureInfo.InvariantCulture, $"s@{now - 2500}"));
        var asked = await ClientProgram.KcatAsync(broker, "", "-Q", "-t", string.Create(CultureInfo.InvariantCulture, $"t:0:{now - 1500}"));

        Assert.Equal(["b", "c"], read);
        Assert.Contains("t [0] offset 2", asked);
    }

    [Fact]
    public async Task Topics_are_listed()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("orders", 3);

        var listed = string.Join('\n', await ClientProgram.KcatAsync(broker, "", "-L"));

        Assert.Contains("topic \"orders\" with 3 partitions", listed, StringComparison.Ordinal);
        Assert.Contains($"broker 1 at {broker.Address}", listed, StringComparison.Ordinal);
    }
}
