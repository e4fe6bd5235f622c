using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>
/// Producers that send prepared requests again and again, each over a connection of its own with some of them under way, in whatever protocol.
/// </summary>
internal sealed class PipelinedLoad : IDisposable
{
    private readonly List<(Socket Socket, IReadOnlyList<byte[]> Requests)> _connections = [];
    private readonly RequestShape _shape;

    /// <param name="port">The server's.</param>
    /// <param name="connections">How many producers.</param>
    /// <param name="requests">What each of them sends, in turn: by its number.</param>
    /// <param name="shape">How requests are answered, and how many are under way.</param>
    public PipelinedLoad(int port, int connections, Func<int, IReadOnlyList<byte[]>> requests, RequestShape shape)
    {
        _shape = shape;
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, port);
            shape.Begin(socket, i);
            _connections.Add((socket, requests(i)));
        }
    }

    /// <summary>How long each request took to be answered, in the last run, in microseconds.</summary>
    public LatencyHistogram Latency { get; private set; } = new();

    /// <summary>Sends so many requests, shared by all connections; returns how many that were.</summary>
    public async Task<long> RunAsync(long requests, CancellationToken cancellationToken)
    {
        Latency = new();
        var share = Math.Max(1, requests / _connections.Count);
        var seen = await Task.WhenAll(_connections.Select((connection, i) => Task.Run(() => RunAsync(connection.Socket, connection.Requests, i, share, cancellationToken), cancellationToken)));
        foreach (var latency in seen)
            Latency.Add(latency);
        return share * _connections.Count;
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _connections)
            socket.Dispose();
    }

    private async Task<LatencyHistogram> RunAsync(Socket socket, IReadOnlyList<byte[]> requests, int first, long count, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_shape.UnderWay);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sent = new ConcurrentQueue<long>();
        var reading = ReadAsync(socket, count, room, sent, failed);
        for (long i = 0; i < count && !failed.IsCancellationRequested; i++)
        {
            await room.WaitAsync(failed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sent.Enqueue(Stopwatch.GetTimestamp());
            var request = requests[(int)((first + i) % requests.Count)];
            for (var at = 0; at < request.Length;)
                at += await socket.SendAsync(request.AsMemory(at), cancellationToken);
        }

        return await reading;
    }

    private async Task<LatencyHistogram> ReadAsync(Socket socket, long requests, SemaphoreSlim room, ConcurrentQueue<long> sent, CancellationTokenSource failed)
    {
        var (latency, counter, buffer) = (new LatencyHistogram(), _shape.Answers(), new byte[64 << 10]);
        try
        {
            for (long answered = 0; answered < requests * _shape.AnswersARequest;)
            {
                var read = await socket.ReceiveAsync(buffer, failed.Token);
                if (read == 0)
                    throw new IOException("The server closed the connection.");
                for (var i = counter.Count(buffer.AsSpan(0, read)); i > 0; i--)
                {
                    if (++answered % _shape.AnswersARequest != 0)
                        continue;
                    _ = sent.TryDequeue(out var at);
                    latency.Record((long)Stopwatch.GetElapsedTime(at).TotalMicroseconds);
                    room.Release();
                }
            }

            return latency;
        }
        catch
        {
            await failed.CancelAsync(); // who sends stops too
            throw;
        }
    }
}

/// <summary>How requests are sent and answered.</summary>
/// <param name="UnderWay">How many of a connection may wait for their answers.</param>
/// <param name="AnswersARequest">How many answers each of them has.</param>
/// <param name="Answers">Makes what counts the answers of a connection.</param>
internal sealed record RequestShape(int UnderWay, int AnswersARequest, Func<AnswerCounter> Answers)
{
    /// <summary>What a connection says first, by its number; what is answered to it and not read here does not count.</summary>
    public Action<Socket, int> Begin { get; init; } = (_, _) => { };
}
