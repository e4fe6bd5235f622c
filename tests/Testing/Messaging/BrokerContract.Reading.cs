using Groundwork.Ports.Messaging;

namespace Groundwork.Testing.Messaging;

public abstract partial class BrokerContract
{
    [Fact]
    public async Task A_partition_is_read_from_any_place_on()
    {
        var topic = await NewTopicAsync();
        var time = DateTimeOffset.UtcNow.AddHours(-1);
        for (var i = 0; i < 5; i++)
            await Broker.AppendAsync(topic, [new(Bytes("key"), Bytes($"{i}"), Time: time.AddMinutes(i))], Token);

        Assert.Equal(["0", "1"], (await ReadAsync(topic, 2)).Select(Text));
        Assert.Equal(["3", "4"], (await ReadAsync(topic, 2, ReadStart.At(3))).Select(Text));
        Assert.Equal(["2", "3"], (await ReadAsync(topic, 2, ReadStart.Since(time.AddMinutes(1.5)))).Select(Text));
        Assert.Equal(new OffsetRange(0, 5), await Broker.RangeAsync(topic, 0, Token));
    }

    [Fact]
    public async Task A_place_within_a_batch_is_a_place()
    {
        var topic = await NewTopicAsync();
        await Broker.AppendAsync(topic, [.. Enumerable.Range(0, 10).Select(i => Record("key", $"{i}"))], Token);

        Assert.Equal(["7", "8", "9"], (await ReadAsync(topic, 3, ReadStart.At(7))).Select(Text));
    }

    [Fact]
    public async Task A_reader_waits_at_the_end_and_goes_on_with_what_comes()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 1);
        await using var reader = Broker.ReadAsync(topic, 0, ReadStart.Earliest, null, Token).GetAsyncEnumerator(Token);
        Assert.True(await reader.MoveNextAsync());

        var next = reader.MoveNextAsync();
        await AppendAsync(topic, "key", "later");

        Assert.True(await next);
        Assert.Equal("later", Text(reader.Current));
    }

    [Fact]
    public async Task A_reader_from_the_end_on_gets_nothing_of_what_was_there()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 3, _ => "before");

        Assert.Equal("after", Text(await FirstAfterAsync(topic, Broker.ReadAsync(topic, 0, ReadStart.Latest, null, Token))));
    }

    [Fact]
    public async Task Any_number_of_readers_read_the_same()
    {
        var topic = await NewTopicAsync();
        var readers = Enumerable.Range(0, 5).Select(_ => ReadAsync(topic, 50).AsTask()).ToList();

        await AppendEachAsync(topic, 50);

        Assert.All(await Task.WhenAll(readers), read => Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), read.Select(Text)));
    }

    [Fact]
    public async Task A_reader_ends_when_its_token_does()
    {
        var topic = await NewTopicAsync();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var reader = Broker.ReadAsync(topic, 0, ReadStart.Earliest, null, ends.Token).GetAsyncEnumerator(Token);

        var next = reader.MoveNextAsync().AsTask();
        await ends.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_reader_is_told_what_it_missed_and_stops()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 10);
        await DeleteBeforeAsync(topic, 0, 5);

        var gap = await Assert.ThrowsAsync<ReadGapException>(async () => await ReadAsync(topic, 1, ReadStart.At(2)));

        Assert.Equal((topic, 0, 2L, 3L), (gap.Topic, gap.Partition, gap.Wanted, gap.Missing));
        Assert.Equal(new OffsetRange(5, 10), gap.Available);
        Assert.Equal(BrokerFault.Gap, gap.Fault);
    }

    [Fact]
    public async Task A_reader_that_asked_to_goes_on_at_the_first_record_that_is_there()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 10);
        await DeleteBeforeAsync(topic, 0, 5);

        Assert.Equal(["5", "6"], (await ReadAsync(topic, 2, ReadStart.At(2), new ReadOptions { OnGap = GapAction.Earliest })).Select(Text));
        Assert.Equal(["5", "6"], (await ReadAsync(topic, 2)).Select(Text));
    }

    [Fact]
    public async Task A_reader_that_asked_to_goes_on_behind_the_last_record()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 10, _ => "before");
        await DeleteBeforeAsync(topic, 0, 5);

        var reader = Broker.ReadAsync(topic, 0, ReadStart.At(2), new ReadOptions { OnGap = GapAction.Latest }, Token);

        Assert.Equal("after", Text(await FirstAfterAsync(topic, reader)));
    }

    [Fact]
    public async Task A_place_behind_the_end_is_a_gap()
    {
        var topic = await NewTopicAsync();
        await AppendEachAsync(topic, 3);

        var gap = await Assert.ThrowsAsync<ReadGapException>(async () => await ReadAsync(topic, 1, ReadStart.At(100)));

        Assert.Equal((100L, 0L, new OffsetRange(0, 3)), (gap.Wanted, gap.Missing, gap.Available));
    }

    [Fact]
    public async Task Nothing_is_read_further_ahead_of_a_slow_caller_than_the_bound()
    {
        const int Records = 300;
        var topic = await NewTopicAsync();
        var value = new string('x', 10_000);
        await AppendEachAsync(topic, Records, _ => value);
        var options = new ReadOptions { MaxBufferedBytes = BrokerLimits.MinBufferedBytes };
        await using var reader = Broker.ReadAsync(topic, 0, ReadStart.Earliest, options, Token).GetAsyncEnumerator(Token);
        Assert.True(await reader.MoveNextAsync());

        // What it gets from here on it had read ahead: the rest is gone.
        await DeleteBeforeAsync(topic, 0, Records - 1);
        var ahead = 0;
        var gap = await Assert.ThrowsAsync<ReadGapException>(async () =>
        {
            for (; await reader.MoveNextAsync(); ahead++)
                Assert.Equal(ahead + 1, reader.Current.Offset);
        });

        Assert.InRange(ahead, 0, (options.MaxBufferedBytes / value.Length) + 1);
        Assert.Equal(ahead + 1, gap.Wanted);
    }

    /// <summary>What a reader from the end on gets first. When it has begun nobody knows: so it is appended to until it has.</summary>
    private async Task<IncomingRecord> FirstAfterAsync(string topic, IAsyncEnumerable<IncomingRecord> records)
    {
        await using var reader = records.GetAsyncEnumerator(Token);
        var first = reader.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
            await AppendAsync(topic, "key", "after");
        Assert.True(await first);
        return reader.Current;
    }
}
