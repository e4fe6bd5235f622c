using System.Buffers.Binary;
using System.Net;
using Confluent.Kafka;
using Groundwork.Broker.Protocol;
using Groundwork.Kafka;
using ProtocolErrorCode = Groundwork.Broker.Protocol.ErrorCode;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// The messages are spoken with a server that others made: the small broker for tests that is built into librdkafka. What
/// it cannot read it answers by hanging up; what it answers must be read here. (To its last byte it is not: some of its
/// versions add bytes to the end of some answers, which its own client does not look at.)
/// </summary>
public sealed class OtherMakeTests : IDisposable
{
    private const string Topic = "clicks";

    private readonly IAdminClient _cluster;
    private readonly IPEndPoint _address;

    public OtherMakeTests()
    {
        Driver.Ensure();
        var config = new AdminClientConfig();
        config.Set("test.mock.num.brokers", "1");
        _cluster = new AdminClientBuilder(config).Build();
        var broker = _cluster.GetMetadata(Topic, TimeSpan.FromSeconds(30)).Brokers[0];
        _address = new IPEndPoint(IPAddress.Parse(broker.Host), broker.Port);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task It_reads_requests_and_is_read_in_every_version_that_it_speaks()
    {
        var spoken = await SpokenAsync();
        var tried = 0;
        var unlike = new List<string>();
        foreach (var request in Requests())
        {
            for (var version = spoken[request.Api].From; version <= spoken[request.Api].To; version++)
            {
                tried++;
                if (await AskAsync(request, version) is { } difference)
                    unlike.Add($"{request.Api} {version}: {difference}");
            }
        }

        Assert.True(unlike.Count == 0, string.Join('\n', unlike));
        Assert.InRange(tried, 30, 100);
    }

    [Fact]
    public async Task Batches_that_it_was_given_come_back_as_they_were_in_every_version()
    {
        var spoken = await SpokenAsync();
        var written = 0;
        using var client = await WireClient.ConnectAsync(_address, Cancellation);
        for (var version = (short)3; version <= spoken[ApiKey.Produce].To; version++)
        {
            // It leaves the log's start out, which is there from version 5 on, until version 6.
            if (version == 5)
                continue;
            var produced = await client.AskAsync(
                new ProduceRequest
                {
                    Acks = -1,
                    TimeoutMs = 10_000,
                    TopicData = [new() { Name = Topic, PartitionData = [new() { Records = new RecordBytes(Batch(written)) }] }],
                },
                version,
                Cancellation);
            var answer = produced.Responses[0].PartitionResponses[0];
            Assert.Equal((ProtocolErrorCode.None, written), (answer.ErrorCode, answer.BaseOffset));
            written++;
        }

        for (var version = (short)4; version <= Math.Min(spoken[ApiKey.Fetch].To, (short)12); version++)
        {
            var fetched = await client.AskAsync(
                new FetchRequest
                {
                    MaxWaitMs = 1000,
                    MinBytes = 1,
                    Topics = [new() { Topic = Topic, Partitions = [new() { FetchOffset = written - 1, PartitionMaxBytes = 1_000_000 }] }],
                },
                version,
                Cancellation);
            var partition = fetched.Responses[0].Partitions[0];
            Assert.Equal((ProtocolErrorCode.None, written), (partition.ErrorCode, partition.HighWatermark));
            Assert.Equal(Batch(written - 1), partition.Records.Join().ToArray());
        }
    }

    private static IEnumerable<IRequest> Requests()
    {
        yield return new MetadataRequest { Topics = [new() { Name = Topic }] };
        yield return new ListOffsetsRequest { Topics = [new() { Name = Topic, Partitions = [new() { Timestamp = -1 }] }] };
        yield return new FindCoordinatorRequest { Key = "group" };
        yield return new InitProducerIdRequest { TransactionTimeoutMs = 1000 };
        yield return new OffsetCommitRequest
        {
            GroupId = "group",
            Topics = [new() { Name = Topic, Partitions = [new() { CommittedOffset = 5, CommittedMetadata = "m" }] }],
        };
        yield return new OffsetFetchRequest { GroupId = "group", Topics = [new() { Name = Topic, PartitionIndexes = [0] }] };
        yield return new HeartbeatRequest { GroupId = "group", GenerationId = 1, MemberId = "nobody" };
    }

    // Each on a connection of its own, so that it is known which request it hung up on.
    private async Task<string?> AskAsync(IRequest request, short version)
    {
        using var client = await WireClient.ConnectAsync(_address, Cancellation);
        var id = await client.SendAsync(request, version, Cancellation);
        if (await client.ReceiveFrameAsync(Cancellation) is not { } bytes)
            return "not understood";
        var reader = new ProtocolReader(bytes);
        Assert.Equal(id, ResponseHeader.Read(ref reader, ApiCatalog.Get(request.Api).HasFlexibleResponseHeader(version)));
        try
        {
            ApiMessages.ReadResponse(request.Api, ref reader, version);
            return null;
        }
        catch (ProtocolException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>The versions that both it and the table know.</summary>
    private async Task<Dictionary<ApiKey, VersionRange>> SpokenAsync()
    {
        using var client = await WireClient.ConnectAsync(_address, Cancellation);
        var answer = await client.AskAsync(new ApiVersionsRequest(), 0, Cancellation);
        return answer.ApiKeys
            .Where(k => ApiCatalog.Find(k.ApiKey) is not null)
            .ToDictionary(
                k => (ApiKey)k.ApiKey,
                k => new VersionRange(k.MinVersion, Math.Min(k.MaxVersion, ApiCatalog.Find(k.ApiKey)!.Existing.To)));
    }

    // A batch of one record without a key, of value "v": version 2 of Kafka's format.
    private static byte[] Batch(int offset)
    {
        byte[] record = [14, 0, 0, 0, 1, 2, (byte)'v', 0];
        var batch = new byte[61 + record.Length];
        BinaryPrimitives.WriteInt64BigEndian(batch, offset);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        batch[16] = 2;
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), -1);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), -1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), -1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 1);
        record.CopyTo(batch, 61);
        return batch;
    }
}
