using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Benchmarks.Load;

/// <summary>
/// A load so cheap that it is the server that is measured: one thread, which sends to each of its connections what was made before, and then
/// takes from each as many bytes as the answers have. Not for concurrent use.
/// </summary>
internal sealed class PipelinedLoad : IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;
    private const int TimeoutMilliseconds = 30_000;

    private readonly Socket[] _connections;
    private readonly byte[] _answers = new byte[MaxAnswerBytes];

    public PipelinedLoad(int port, int connections)
    {
        _connections = new Socket[connections];
        for (var i = 0; i < connections; i++)
        {
            _connections[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = TimeoutMilliseconds,
                SendTimeout = TimeoutMilliseconds,
            };
            _connections[i].Connect(IPAddress.Loopback, port);
        }
    }

    /// <summary>Sends batches to the connections in turn, one under way on each, until all are answered.</summary>
    /// <param name="batches">How many.</param>
    /// <param name="batch">Makes or finds the requests of one, by its number.</param>
    /// <param name="answerBytes">The bytes of its answers, by its number.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public void Run(int batches, Func<int, ReadOnlyMemory<byte>> batch, Func<int, int> answerBytes, CancellationToken cancellationToken)
    {
        for (var first = 0; first < batches; first += _connections.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_connections.Length, batches - first);
            for (var i = 0; i < count; i++)
                Send(_connections[i], batch(first + i).Span);
            for (var i = 0; i < count; i++)
                Receive(_connections[i], answerBytes(first + i));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    private void Receive(Socket socket, int bytes)
    {
        while (bytes > 0)
        {
            var received = socket.Receive(_answers, 0, Math.Min(bytes, _answers.Length), SocketFlags.None);
            if (received == 0)
                throw new EndOfStreamException("The server closed the connection.");
            bytes -= received;
        }
    }
}
