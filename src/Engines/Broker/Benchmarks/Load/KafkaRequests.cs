using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>Requests in Kafka's protocol, made once and sent often: the load is to cost little beside what it is put on.</summary>
internal static class KafkaRequests
{
    /// <summary>How much a consumer asks for at a time.</summary>
    public const int FetchBytes = 1 << 20;

    private const short ProduceVersion = 9;

    /// <summary>A batch of records whose values are random bytes.</summary>
    public static byte[] Batch(int seed, int recordBytes, int records)
    {
        var value = new byte[recordBytes];
        new Random(seed).NextBytes(value);
        var batch = new BatchBuilder();
        for (var i = 0; i < records; i++)
            batch.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, value);
        return batch.Build();
    }

    /// <summary>Sends a batch to a partition, to be answered when it is durable.</summary>
    public static byte[] Produce(string topic, int partition, ReadOnlyMemory<byte> batch) => Frame(DrillTopic.Produce(topic, partition, batch), ProduceVersion);

    /// <summary>A request with its length and its header, in a version that is flexible or has such a header.</summary>
    public static byte[] Frame(IRequest request, short version)
    {
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)request.Api, version, 1, "bench").Write(writer, RequestHeader.Flexible);
        request.Write(writer, version);
        writer.EndFrame(frame);
        return writer.ToArray();
    }

    /// <summary>Throws where an answer to Produce says that a batch was refused.</summary>
    public static void RequireProduced(byte[] answer)
    {
        var reader = new ProtocolReader(answer);
        _ = ResponseHeader.Read(ref reader, flexible: true);
        var partition = ProduceResponse.Read(ref reader, ProduceVersion).Responses[0].PartitionResponses[0];
        if (partition.ErrorCode != ErrorCode.None)
            throw new InvalidOperationException($"A batch was refused: {partition.ErrorCode}, {partition.ErrorMessage}");
    }
}
