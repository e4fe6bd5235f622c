using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Groundwork.Broker.Benchmarks;

/// <summary>The limit of a broker on this machine's loopback: reads requests off the socket, and answers each with as many bytes as an answer has. Nothing is looked at.</summary>
internal sealed class ProduceSink : IDisposable
{
    private const int AnswerBytes = 64;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ProduceSink()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

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

    private static async Task ServeAsync(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        var buffer = new byte[1 << 20];
        var answer = new byte[4 + AnswerBytes];
        BinaryPrimitives.WriteInt32BigEndian(answer, AnswerBytes);
        while (true)
        {
            if (await stream.ReadAtLeastAsync(buffer.AsMemory(0, 4), 4, throwOnEndOfStream: false) < 4)
                return;
            for (var left = BinaryPrimitives.ReadInt32BigEndian(buffer); left > 0;)
                left -= await stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
            await stream.WriteAsync(answer);
        }
    }
}
