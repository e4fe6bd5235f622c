using System.Buffers.Binary;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Tests.Logs;

namespace Groundwork.Broker.Tests.Operations;

public sealed class ProduceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    public async Task What_was_answered_with_acks_all_is_there_to_read(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();

        var first = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["a", "b"], Now)), version, Cancellation)).One();
        Assert.Equal((ErrorCode.None, 0L, -1L), (first.ErrorCode, first.BaseOffset, first.LogAppendTimeMs));
        Assert.Equal(2, broker.Node.Topics.Find("t")!.Partitions[0].HighWatermark);
        var second = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["c"], Now)), version, Cancellation)).One();

        Assert.Equal(2, second.BaseOffset);
        var read = (await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation)).One();
        Assert.Equal(["a", "b", "c"], read.Values());
    }

    [Fact]
    public async Task Acks_1_is_answered_and_acks_0_is_not()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();

        _ = await client.SendAsync(Requests.Produce("t", 0, TestBatches.Of(["a"], Now), acks: 0), 9, Cancellation);
        var answer = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["b"], Now), acks: 1), Cancellation)).One();

        Assert.Equal((ErrorCode.None, 1L), (answer.ErrorCode, answer.BaseOffset));
    }

    [Fact]
    public async Task A_refused_batch_with_acks_0_closes_the_connection_since_nobody_reads_an_answer()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        _ = await client.SendAsync(Requests.Produce("none", 0, TestBatches.Of(["a"], Now), acks: 0), 9, Cancellation);

        Assert.Null(await client.ReceiveFrameAsync(Cancellation));
    }

    [Fact]
    public async Task Requests_on_one_connection_are_answered_in_their_order_and_share_syncs()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var ids = new List<int>();

        for (var i = 0; i < 100; i++)
            ids.Add(await client.SendAsync(Requests.Produce("t", 0, TestBatches.Of([$"{i}"], Now)), 9, Cancellation));
        for (var i = 0; i < ids.Count; i++)
        {
            var answer = (await client.ReceiveAsync<ProduceResponse>(ids[i], ApiKey.Produce, 9, Cancellation)).One();
            Assert.Equal((ErrorCode.None, (long)i), (answer.ErrorCode, answer.BaseOffset));
        }

        var read = (await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation)).One();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), read.Values());
        Assert.InRange(broker.Node.Logs.Committer.Rounds, 1, 100);
    }

    [Fact]
    public async Task Several_partitions_of_one_request_are_answered_each()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        var client = await broker.ConnectAsync();
        var request = Requests.Produce("t", 0, TestBatches.Of(["a"], Now));
        request.TopicData[0].PartitionData.Add(new() { Index = 1, Records = new RecordBytes(TestBatches.Of(["b"], Now)) });
        request.TopicData[0].PartitionData.Add(new() { Index = 2, Records = new RecordBytes(TestBatches.Of(["c"], Now)) });

        var answer = await client.AskAsync(request, Cancellation);

        Assert.Equal(
            [ErrorCode.None, ErrorCode.None, ErrorCode.UnknownTopicOrPartition],
            answer.Responses[0].PartitionResponses.Select(partition => partition.ErrorCode));
    }

    public static TheoryData<string, short> Faults => new()
    {
        { "no records", (short)ErrorCode.InvalidRecord },
        { "two batches", (short)ErrorCode.InvalidRecord },
        { "cut off", (short)ErrorCode.InvalidRecord },
        { "header only", (short)ErrorCode.CorruptMessage },
        { "old format", (short)ErrorCode.UnsupportedForMessageFormat },
        { "checksum", (short)ErrorCode.CorruptMessage },
        { "no count", (short)ErrorCode.InvalidRecord },
        { "offsets", (short)ErrorCode.InvalidRecord },
        { "control", (short)ErrorCode.InvalidRecord },
        { "codec", (short)ErrorCode.UnsupportedCompressionType },
        { "no sequence", (short)ErrorCode.InvalidRecord },
        { "negative time", (short)ErrorCode.InvalidTimestamp },
        { "negative times", (short)ErrorCode.InvalidTimestamp },
        { "ahead", (short)ErrorCode.InvalidTimestamp },
        { "more behind", (short)ErrorCode.InvalidRecord },
        { "fewer records", (short)ErrorCode.InvalidRecord },
        { "transactional", (short)ErrorCode.InvalidTxnState },
        { "too long", (short)ErrorCode.MessageTooLarge },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_batch_with_a_fault_is_refused_and_nothing_of_it_is_kept(string fault, short expected)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 1, ("max.message.bytes", "1000"));
        var client = await broker.ConnectAsync();

        var answer = (await client.AskAsync(Requests.Produce("t", 0, Make(fault)), Cancellation)).One();

        Assert.Equal(((ErrorCode)expected, -1L), (answer.ErrorCode, answer.BaseOffset));
        Assert.False(string.IsNullOrEmpty(answer.ErrorMessage));
        Assert.Equal(0, broker.Node.Topics.Find("t")!.Partitions[0].EndOffset);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1_000_000, 2_000_000)]
    [InlineData(1_000_000, -1)]
    public async Task A_latest_time_that_is_not_that_of_the_records_is_set_right(long time, long said)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var sent = Requests.Changed(TestBatches.Of(["a"], time), b => BinaryPrimitives.WriteInt64BigEndian(b.AsSpan(35), said));

        Assert.Equal(ErrorCode.None, (await client.AskAsync(Requests.Produce("t", 0, sent), Cancellation)).One().ErrorCode);
        var read = (await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation)).One().Records.Join();

        Assert.Equal((time, true), (new RecordBatch(read.Span).MaxTimestamp, new RecordBatch(read.Span).IsIntact));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task Acks_are_all_one_or_none(short acks)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();

        var answer = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["a"], Now), acks), Cancellation)).One();

        Assert.Equal(ErrorCode.InvalidRequiredAcks, answer.ErrorCode);
    }

    [Fact]
    public async Task Clients_write_neither_to_the_brokers_own_topic_nor_in_transactions()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var transaction = Requests.Produce("t", 0, TestBatches.Of(["a"], Now));
        transaction.TransactionalId = "mine";

        Assert.Equal(ErrorCode.InvalidTopicException, (await client.AskAsync(Requests.Produce("__consumer_offsets", 0, TestBatches.Of(["a"], Now)), Cancellation)).One().ErrorCode);
        Assert.Equal(ErrorCode.InvalidTxnState, (await client.AskAsync(transaction, Cancellation)).One().ErrorCode);
    }

    [Fact]
    public async Task A_producer_that_sends_again_finds_its_batch_where_it_was_and_gaps_and_zombies_are_refused()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var producer = (await client.AskAsync(new InitProducerIdRequest { TransactionalId = null }, Cancellation)).ProducerId;

        async Task<(ErrorCode, long)> SendAsync(short epoch, int sequence, string value)
        {
            var answer = (await client.AskAsync(
                Requests.Produce("t", 0, TestBatches.Of([value], Now, producer, epoch, sequence)), Cancellation)).One();
            return (answer.ErrorCode, answer.BaseOffset);
        }

        Assert.Equal((ErrorCode.None, 0), await SendAsync(0, 0, "a"));
        Assert.Equal((ErrorCode.None, 1), await SendAsync(0, 1, "b"));
        Assert.Equal((ErrorCode.None, 0), await SendAsync(0, 0, "a"));
        Assert.Equal((ErrorCode.OutOfOrderSequenceNumber, -1), await SendAsync(0, 3, "d"));
        Assert.Equal((ErrorCode.None, 2), await SendAsync(1, 0, "e"));
        Assert.Equal((ErrorCode.InvalidProducerEpoch, -1), await SendAsync(0, 2, "c"));
        for (var i = 1; i <= 6; i++)
            Assert.Equal((ErrorCode.None, 2 + i), await SendAsync(1, i, "f"));
        Assert.Equal((ErrorCode.DuplicateSequenceNumber, -1), await SendAsync(1, 0, "e"));
    }

    [Theory]
    [InlineData((int)Codec.Gzip)]
    [InlineData((int)Codec.Snappy)]
    [InlineData((int)Codec.Lz4)]
    [InlineData((int)Codec.Zstd)]
    public async Task A_packed_batch_is_kept_as_it_came(int codec)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var batch = TestBatches.Of(Enumerable.Repeat(new string('x', 100), 20), Now, codec: (Codec)codec);

        Assert.Equal(ErrorCode.None, (await client.AskAsync(Requests.Produce("t", 0, batch), Cancellation)).One().ErrorCode);
        var read = (await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation)).One();

        Assert.Equal(batch[RecordBatch.CheckedFrom..], read.Records.Join().ToArray()[RecordBatch.CheckedFrom..]);
    }

    [Fact]
    public async Task A_bomb_is_kept_as_it_came_and_hurts_only_who_unpacks_it_without_a_bound()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var builder = new BatchBuilder();
        builder.Add(Now, null, new byte[BatchReader.MaxUnpackedBytes + 1]);
        var bomb = builder.Build(Codec.Zstd);

        Assert.InRange(bomb.Length, 1, 100_000);
        Assert.Equal(ErrorCode.None, (await client.AskAsync(Requests.Produce("t", 0, bomb), Cancellation)).One().ErrorCode);
        var read = (await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation)).One();

        Assert.Throws<InvalidDataException>(() => BatchReader.Read(read.Records.Join()));
    }

    [Fact]
    public async Task A_topic_that_stamps_says_when()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 1, ("message.timestamp.type", "LogAppendTime"));
        var client = await broker.ConnectAsync();

        var answer = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["a"], time: 5)), Cancellation)).One();

        Assert.InRange(answer.LogAppendTimeMs, Now - 60_000, Now);
    }

    private static byte[] Make(string fault)
    {
        var batch = TestBatches.Of(["a", "b"], Now);
        return fault switch
        {
            "no records" => [],
            "two batches" => [.. batch, .. batch],
            "cut off" => batch[..^1],
            "header only" => Requests.Changed(batch[..30], b => BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(8), 18), seal: false),
            "old format" => Requests.Changed(batch, b => b[16] = 1, seal: false),
            "checksum" => Requests.Changed(batch, b => b[^1] ^= 1, seal: false),
            "no count" => Requests.Changed(batch, b => BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(57), 0)),
            "offsets" => Requests.Changed(batch, b => BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(23), 7)),
            "control" => Requests.Changed(batch, b => b[22] |= (byte)BatchAttributes.Control),
            "codec" => Requests.Changed(batch, b => b[22] |= 5),
            "no sequence" => Requests.Changed(batch, b => BinaryPrimitives.WriteInt64BigEndian(b.AsSpan(43), 3)),
            "negative time" => Requests.Changed(batch, b => BinaryPrimitives.WriteInt64BigEndian(b.AsSpan(35), -2)),
            "negative times" => Requests.Changed(batch, b => BinaryPrimitives.WriteInt64BigEndian(b.AsSpan(27), -2)),
            "ahead" => TestBatches.Of(["a"], Now + 7_200_000),
            "more behind" => Requests.Changed([.. batch, 0], b => BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(8), b.Length - RecordBatch.PrefixBytes)),
            "fewer records" => Requests.Changed(batch, b =>
            {
                BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(57), 3);
                BinaryPrimitives.WriteInt32BigEndian(b.AsSpan(23), 2);
            }),
            "transactional" => Requests.Changed(batch, b => b[22] |= (byte)BatchAttributes.Transactional),
            _ => TestBatches.Of([new string('x', 1000)], Now),
        };
    }
}
