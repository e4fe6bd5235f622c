using System.Text;
using Groundwork.Broker.Node;
using Groundwork.Broker.Node.Loads;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Inspection;

/// <summary>Which partitions are called hot, and what is said of them.</summary>
public sealed class HotPartitionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Topic, int Partition)> _told = [];
    private BrokerNode _node = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await BrokerNode.OpenAsync(new MemoryDisk(), new NodeOptions(), _time, Token);
        _node.Loads.OnHot = (topic, partition, _) => _told.Add((topic, partition));
        _node.Loads.Sample();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_partition_that_gets_much_more_than_the_others_for_some_seconds_is_hot_and_is_told_once()
    {
        Make("orders", 4);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 2, 300);
            await AppendAsync("orders", 0, 20);
            Pass();
        }

        var (topic, partition, share) = Assert.Single(_node.Loads.Hot());
        Assert.Equal(("orders", 2), (topic, partition));
        Assert.InRange(share, 0.9, 0.95);
        Assert.Equal([("orders", 2)], _told);
    }

    [Fact]
    public async Task A_burst_of_a_few_seconds_makes_none_hot()
    {
        Make("orders", 4);
        for (var second = 0; second < LoadWatch.Samples - 1; second++)
        {
            await AppendAsync("orders", 2, 300);
            Pass();
        }

        for (var second = 0; second < 20; second++)
        {
            for (var partition = 0; partition < 4; partition++)
                await AppendAsync("orders", partition, 1000);
            Pass();
            Assert.Empty(_node.Loads.Hot());
        }
    }

    [Fact]
    public async Task A_topic_to_which_little_comes_has_no_hot_partition_however_uneven_it_is()
    {
        Make("orders", 4);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 2, 50);
            Pass();
        }

        Assert.Empty(_node.Loads.Hot());
    }

    [Fact]
    public async Task A_topic_of_one_partition_has_no_hot_one()
    {
        Make("orders", 1);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 0, 1000);
            Pass();
        }

        Assert.Empty(_node.Loads.Hot());
    }

    [Fact]
    public async Task A_partition_is_hot_by_bytes_too()
    {
        Make("orders", 4);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 1, 5, valueBytes: 400_000);
            for (var partition = 0; partition < 4; partition++)
                await AppendAsync("orders", partition, 200, valueBytes: 10);
            Pass();
        }

        Assert.Equal(1, Assert.Single(_node.Loads.Hot()).Partition);
    }

    [Fact]
    public async Task A_hot_partition_cools_when_the_others_get_as_much_and_is_told_again_when_it_is_hot_again()
    {
        Make("orders", 2);
        await HeatAsync();
        Assert.Single(_node.Loads.Hot());

        for (var second = 0; second < 30; second++)
        {
            await AppendAsync("orders", 0, 300);
            await AppendAsync("orders", 1, 300);
            Pass();
        }

        Assert.Empty(_node.Loads.Hot());
        await HeatAsync();
        Assert.Equal([("orders", 1), ("orders", 1)], _told);

        async Task HeatAsync()
        {
            for (var second = 0; second < 20; second++)
            {
                await AppendAsync("orders", 1, 300);
                Pass();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task The_key_that_makes_a_partition_hot_is_named_also_where_its_batches_are_packed(int codec)
    {
        Make("orders", 4);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 3, 400, key: i => i % 4 == 0 ? $"other-{i}" : i % 4 == 1 ? null : "celebrity", codec: (Codec)codec);
            Pass();
        }

        var heat = Heat("orders", 3);
        Assert.Equal("celebrity", Encoding.UTF8.GetString(heat.Keys[0].Key.Span));
        Assert.InRange(heat.Keys[0].Share, 0.45, 0.55);
        Assert.InRange(heat.KeylessShare, 0.2, 0.3);
    }

    [Fact]
    public async Task What_comes_and_goes_is_counted_over_the_last_ten_seconds_and_nothing_is_kept_of_what_rests()
    {
        Make("orders", 2);
        for (var second = 0; second < 10; second++)
        {
            await AppendAsync("orders", 0, 50);
            Log("orders", 0).Traffic.Went(100, 1000);
            Pass();
        }

        var load = Log("orders", 0).Traffic.Load;
        Assert.Equal(50, load.RecordsIn, 0.001);
        Assert.Equal(100, load.RecordsOut, 0.001);
        Assert.Equal(1000, load.BytesOut, 0.001);
        Assert.True(load.BytesIn > 50 * 5);
        Assert.Equal(default, Log("orders", 1).Traffic.Load);

        for (var second = 0; second < 11; second++)
            Pass();
        Assert.Equal(default, Log("orders", 0).Traffic.Load);
    }

    [Fact]
    public async Task A_hot_partition_whose_topic_is_deleted_is_forgotten()
    {
        Make("orders", 2);
        for (var second = 0; second < 20; second++)
        {
            await AppendAsync("orders", 1, 300);
            Pass();
        }

        Assert.Null(_node.Topics.Delete("orders"));
        Pass();
        Assert.Empty(_node.Loads.Hot());
    }

    private void Make(string topic, int partitions)
    {
        Assert.NotNull(_node.Topics.Create(topic, partitions, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty).Topic);
        Pass();
    }

    private void Pass()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _node.Loads.Sample();
    }

    private Broker.Logs.PartitionLog Log(string topic, int partition) => _node.Topics.Find(topic)!.Partitions[partition];

    private PartitionHeat Heat(string topic, int partition) => _node.Loads.Find(Log(topic, partition))!;

    private async Task AppendAsync(string topic, int partition, int records, int valueBytes = 5, Func<int, string?>? key = null, Codec codec = Codec.None)
    {
        // No longer than a batch may be.
        for (var done = 0; done < records;)
        {
            var builder = new BatchBuilder();
            for (; done < records && builder.Bytes + valueBytes < 900_000; done++)
            {
                ReadOnlyMemory<byte>? name = key?.Invoke(done) is { } text ? Encoding.UTF8.GetBytes(text) : default(ReadOnlyMemory<byte>?);
                builder.Add(_time.GetUtcNow().ToUnixTimeMilliseconds(), name, new byte[valueBytes]);
            }

            var result = Log(topic, partition).Append(builder.Build(codec));
            Assert.Null(result.Fault);
            await result.Round!.Durable.WaitAsync(Token);
        }
    }
}
