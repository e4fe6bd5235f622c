using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Benchmarks;

/// <summary>The limit of a broker on this machine's loopback: takes requests off the socket, and answers each with the same bytes. Nothing is looked at, nothing kept.</summary>
internal sealed class CannedServer : IDisposable
{
    /// <summary>How long an answer to a producer is, which is shorter than any of a broker's.</summary>
    public const int ProduceAnswerBytes = 32;

    private const short FetchVersion = 12;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _answer;

    private CannedServer(byte[] answer)
    {
        _answer = answer;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>One that takes what producers send.</summary>
    public static CannedServer ForProducers()
    {
        var answer = new byte[Framing.LengthBytes + ProduceAnswerBytes];
        BinaryPrimitives.WriteInt32BigEndian(answer, ProduceAnswerBytes);
        return new CannedServer(answer);
    }

    /// <summary>One that gives consumers as much as they ask for, full of a batch.</summary>
    public static CannedServer ForConsumers(byte[] batch)
    {
        var batches = Enumerable.Repeat((ReadOnlyMemory<byte>)batch, KafkaRequests.FetchBytes / batch.Length).ToList();
        using var writer = new ProtocolWriter();
        var frame = writer.BeginFrame();
        ResponseHeader.Write(writer, 1, flexible: true);
        new FetchResponse { Responses = [new() { Topic = "bench", Partitions = [new() { Records = new RecordBytes(batches) }] }] }.Write(writer, FetchVersion);
        writer.EndFrame(frame);
        return new CannedServer(writer.ToArray());
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptAsync();
            client.NoDelay = true;
            _ = Task.Run(() => ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        var buffer = new byte[1 << 20];
        while (await stream.ReadAtLeastAsync(buffer.AsMemory(0, 4), 4, throwOnEndOfStream: false) == 4)
        {
            for (var left = BinaryPrimitives.ReadInt32BigEndian(buffer); left > 0;)
                left -= await stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
            await stream.WriteAsync(_answer);
        }
    }
}
