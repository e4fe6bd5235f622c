using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>Makes topics for benchmarks.</summary>
internal static class BenchTopic
{
    private const short Version = 7;

    /// <summary>Makes one.</summary>
    public static async Task CreateAsync(int port, string topic, int partitions, CancellationToken cancellationToken)
    {
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        new RequestHeader((short)ApiKey.CreateTopics, Version, 1, "bench").Write(writer, RequestHeader.Flexible);
        new CreateTopicsRequest { Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }] }.Write(writer, Version);
        writer.EndFrame(frame);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(writer.ToArray(), cancellationToken);
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        Check(answer);
    }

    private static void Check(ReadOnlyMemory<byte> answer)
    {
        var reader = new ProtocolReader(answer);
        _ = ResponseHeader.Read(ref reader, flexible: true);
        var result = CreateTopicsResponse.Read(ref reader, Version).Topics[0];
        if (result.ErrorCode != ErrorCode.None)
            throw new InvalidOperationException($"The topic was not made: {result.ErrorCode}, {result.ErrorMessage}");
    }
}
