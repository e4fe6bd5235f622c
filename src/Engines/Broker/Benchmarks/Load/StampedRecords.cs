using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>Records that say when they were sent, in some protocol: how they are appended, and how a consumer waits for them. Not thread-safe, but for <see cref="Poll"/> beside <see cref="Append"/>.</summary>
internal abstract class StampedRecords
{
    /// <summary>How long a consumer waits at a time, in milliseconds.</summary>
    protected const int WaitMs = 500;

    /// <summary>Makes what counts the answers to a producer.</summary>
    public abstract AnswerCounter Answers();

    /// <summary>A request that appends one. Valid until the next.</summary>
    public abstract byte[] Append(long stamp);

    /// <summary>Behind which place nothing is yet.</summary>
    public abstract Task<string> EndAsync(Socket socket, CancellationToken cancellationToken);

    /// <summary>Waits for what comes behind a place.</summary>
    /// <returns>Behind which place to go on, and when what came was sent.</returns>
    public abstract (string Place, IReadOnlyList<long> Stamps) Poll(Socket socket, string place);

    /// <summary>Receives until a buffer is full.</summary>
    protected static void Fill(Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var read = socket.Receive(into);
            if (read == 0)
                throw new IOException("The server closed the connection.");
            into = into[read..];
        }
    }
}

/// <summary>In Kafka's protocol: a place is an offset.</summary>
internal sealed class KafkaStamps : StampedRecords
{
    private const short FetchVersion = 12;
    private const int TagBytes = 3; // behind the batch: of the partition, the topic and the request, none in each

    private readonly string _topic;
    private readonly byte[] _request;
    private readonly int _batchBytes;
    private readonly int _recordBytes;

    public KafkaStamps(string topic, int recordBytes)
    {
        var batch = KafkaRequests.Batch(1, recordBytes, 1);
        (_topic, _recordBytes, _batchBytes) = (topic, recordBytes, batch.Length);
        _request = KafkaRequests.Produce(topic, 0, batch);
    }

    public override AnswerCounter Answers() => new FrameCounter();

    public override byte[] Append(long stamp)
    {
        var batch = _request.AsSpan(_request.Length - TagBytes - _batchBytes, _batchBytes);
        BinaryPrimitives.WriteInt64LittleEndian(batch[(_batchBytes - 1 - _recordBytes)..], stamp); // the value is last, but for the number of headers
        RecordBatch.Seal(batch);
        return _request;
    }

    public override Task<string> EndAsync(Socket socket, CancellationToken cancellationToken)
    {
        var partition = Ask(socket, DrillTopic.Fetch(_topic, 0, 0, maxBytes: 1));
        return Task.FromResult(partition.HighWatermark.ToString(CultureInfo.InvariantCulture));
    }

    public override (string Place, IReadOnlyList<long> Stamps) Poll(Socket socket, string place)
    {
        var offset = long.Parse(place, CultureInfo.InvariantCulture);
        var records = DrillTopic.Records(Ask(socket, DrillTopic.Fetch(_topic, 0, offset, maxWaitMs: WaitMs)).Records).Where(record => record.Offset >= offset).ToList();
        return records.Count == 0
            ? (place, [])
            : ((records[^1].Offset + 1).ToString(CultureInfo.InvariantCulture), [.. records.Select(record => BinaryPrimitives.ReadInt64LittleEndian(record.Value!.Value.Span))]);
    }

    private static FetchResponse.PartitionData Ask(Socket socket, FetchRequest request)
    {
        socket.Send(KafkaRequests.Frame(request, FetchVersion));
        Span<byte> length = stackalloc byte[Framing.LengthBytes];
        Fill(socket, length);
        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        Fill(socket, answer);
        var reader = new ProtocolReader(answer);
        _ = ResponseHeader.Read(ref reader, flexible: true);
        return FetchResponse.Read(ref reader, FetchVersion).Responses[0].Partitions[0];
    }
}
