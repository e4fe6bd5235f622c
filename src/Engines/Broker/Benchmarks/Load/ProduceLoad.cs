using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>
/// Producers that send the same batch again and again, each over a connection of its own with some requests under way, to
/// partitions in turn. What they send is made once: the load is to cost little beside what it is put on.
/// </summary>
internal sealed class ProduceLoad : IDisposable
{
    private const short Version = 9;

    private readonly List<Socket> _connections = [];
    private readonly byte[][] _requests;
    private readonly int _recordsABatch;
    private readonly int _underWay;

    /// <param name="port">The server's.</param>
    /// <param name="topic">The topic, which is there.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="connections">How many producers.</param>
    /// <param name="underWay">How many requests each has under way.</param>
    /// <param name="recordBytes">How long a record's value is.</param>
    /// <param name="recordsABatch">How many records a batch has.</param>
    public ProduceLoad(int port, string topic, int partitions, int connections, int underWay, int recordBytes, int recordsABatch)
    {
        (_recordsABatch, _underWay) = (recordsABatch, underWay);
        _requests = [.. Enumerable.Range(0, partitions).Select(partition => Request(topic, partition, recordBytes, recordsABatch))];
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, port);
            _connections.Add(socket);
        }
    }

    /// <summary>How long each batch took to be answered, in the last run, in microseconds.</summary>
    public LatencyHistogram Latency { get; private set; } = new();

    /// <summary>Sends so many batches over all connections; returns how many records that were.</summary>
    public async Task<long> RunAsync(long batches, CancellationToken cancellationToken)
    {
        Latency = new();
        var share = Math.Max(1, batches / _connections.Count);
        await Task.WhenAll(_connections.Select((socket, i) => Task.Run(() => RunAsync(socket, i, share, cancellationToken), cancellationToken)));
        return share * _connections.Count * _recordsABatch;
    }

    public void Dispose()
    {
        foreach (var socket in _connections)
            socket.Dispose();
    }

    private async Task RunAsync(Socket socket, int first, long batches, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_underWay);
        var sent = new ConcurrentQueue<long>();
        var reading = ReadAsync(socket, batches, room, sent, cancellationToken);
        for (long i = 0; i < batches; i++)
        {
            await room.WaitAsync(cancellationToken);
            sent.Enqueue(Stopwatch.GetTimestamp());
            var request = _requests[(first + i) % _requests.Length];
            for (var at = 0; at < request.Length;)
                at += await socket.SendAsync(request.AsMemory(at), cancellationToken);
        }

        await reading;
    }

    private async Task ReadAsync(Socket socket, long answers, SemaphoreSlim room, ConcurrentQueue<long> sent, CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(socket);
        var buffer = new byte[4096];
        for (long i = 0; i < answers; i++)
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 4), cancellationToken);
            var length = BinaryPrimitives.ReadInt32BigEndian(buffer);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
            _ = sent.TryDequeue(out var at);
            lock (Latency)
                Latency.Record((long)Stopwatch.GetElapsedTime(at).TotalMicroseconds);
            if (length != 64)
                Check(buffer.AsMemory(0, length));
            room.Release();
        }
    }

    private static void Check(ReadOnlyMemory<byte> answer)
    {
        var reader = new ProtocolReader(answer);
        _ = ResponseHeader.Read(ref reader, flexible: true);
        var partition = ProduceResponse.Read(ref reader, Version).Responses[0].PartitionResponses[0];
        if (partition.ErrorCode != ErrorCode.None)
            throw new InvalidOperationException($"A batch was refused: {partition.ErrorCode}, {partition.ErrorMessage}");
    }

    private static byte[] Request(string topic, int partition, int recordBytes, int recordsABatch)
    {
        var value = new byte[recordBytes];
        new Random(partition).NextBytes(value);
        var batch = new BatchBuilder();
        for (var i = 0; i < recordsABatch; i++)
            batch.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, value);
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = new RecordBytes(batch.Build()) }] }],
        };
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)ApiKey.Produce, Version, 1, "bench").Write(writer, RequestHeader.Flexible);
        request.Write(writer, Version);
        writer.EndFrame(frame);
        return writer.ToArray();
    }
}
