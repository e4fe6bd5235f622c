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
    public Task<long> RunAsync(long requests, CancellationToken cancellationToken) =>
        RunAsync(() => new Sending(Math.Max(1, requests / _connections.Count), Timeout.InfiniteTimeSpan), cancellationToken);

    /// <summary>Sends for so long, at least a request over each connection; returns how many that were, all of them answered.</summary>
    public Task<long> RunAsync(TimeSpan length, CancellationToken cancellationToken) => RunAsync(() => new Sending(long.MaxValue, length), cancellationToken);

    public void Dispose()
    {
        foreach (var (socket, _) in _connections)
            socket.Dispose();
    }

    private async Task<long> RunAsync(Func<Sending> sending, CancellationToken cancellationToken)
    {
        Latency = new();
        var seen = await Task.WhenAll(_connections.Select((connection, i) => Task.Run(() => RunAsync(connection.Socket, connection.Requests, i, sending(), cancellationToken), cancellationToken)));
        foreach (var latency in seen)
            Latency.Add(latency);
        return Latency.Count;
    }

    private async Task<LatencyHistogram> RunAsync(Socket socket, IReadOnlyList<byte[]> requests, int first, Sending sending, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_shape.UnderWay);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sent = new ConcurrentQueue<long>();
        var reading = ReadAsync(socket, sending, room, sent, failed);
        for (long i = 0; sending.GoesOnTo(i) && !failed.IsCancellationRequested; i++)
        {
            await room.WaitAsync(failed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sending.Begin(i);
            sent.Enqueue(Stopwatch.GetTimestamp());
            var request = requests[(int)((first + i) % requests.Count)];
            for (var at = 0; at < request.Length;)
                at += await socket.SendAsync(request.AsMemory(at), cancellationToken);
        }

        return await reading;
    }

    private async Task<LatencyHistogram> ReadAsync(Socket socket, Sending sending, SemaphoreSlim room, ConcurrentQueue<long> sent, CancellationTokenSource failed)
    {
        var (latency, counter, buffer) = (new LatencyHistogram(), _shape.Answers(), new byte[64 << 10]);
        try
        {
            for (long answered = 0; sending.GoesOnTo(answered / _shape.AnswersARequest);)
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

    /// <summary>How far a connection goes on: to a number of requests, or to whichever is the next when its time is over.</summary>
    /// <remarks>That one is the last is known before it is sent, so that who reads never waits for an answer behind it.</remarks>
    private sealed class Sending(long requests, TimeSpan length)
    {
        private readonly long _begun = Stopwatch.GetTimestamp();
        private long _requests = requests;

        public bool GoesOnTo(long request) => request < Volatile.Read(ref _requests);

        public void Begin(long request)
        {
            if (length != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_begun) >= length)
                Volatile.Write(ref _requests, request + 1);
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
