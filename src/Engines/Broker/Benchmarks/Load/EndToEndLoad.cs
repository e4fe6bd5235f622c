using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>
/// Producers that send records at a rate, whatever becomes of them, and a consumer that waits for each. A record says when it was sent; so both latencies are known of each.
/// </summary>
internal sealed class EndToEndLoad : IDisposable
{
    private readonly List<Socket> _producers = [];
    private readonly Socket _consumer;
    private readonly StampedRecords _records;

    public EndToEndLoad(int port, int producers, StampedRecords records)
    {
        _records = records;
        for (var i = 0; i < producers; i++)
            _producers.Add(Connect(port));
        _consumer = Connect(port);
    }

    /// <summary>From being sent to being answered, in the last run, in microseconds.</summary>
    public LatencyHistogram Acknowledged { get; private set; } = new();

    /// <summary>From being sent to being read.</summary>
    public LatencyHistogram Read { get; private set; } = new();

    /// <summary>Sends so many a second, and waits until all of them were read; returns how many that were.</summary>
    public async Task<long> RunAsync(double perSecond, TimeSpan length, CancellationToken cancellationToken)
    {
        (Acknowledged, Read) = (new(), new());
        var count = Math.Max(_producers.Count, (long)(perSecond * length.TotalSeconds)) / _producers.Count * _producers.Count;
        var sent = _producers.Select(_ => new ConcurrentQueue<long>()).ToArray();
        var latest = await _records.EndAsync(_consumer, cancellationToken);
        var reading = Task.Factory.StartNew(() => Consume(latest, count, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var answering = _producers.Select((socket, i) => Task.Run(() => AnswersAsync(socket, sent[i], count / _producers.Count, cancellationToken), cancellationToken)).ToList();
        await Task.Factory.StartNew(() => Send(perSecond, count, sent, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        foreach (var latency in await Task.WhenAll(answering))
            Acknowledged.Add(latency);
        Read = await reading;
        return count;
    }

    public void Dispose()
    {
        foreach (var socket in _producers)
            socket.Dispose();
        _consumer.Dispose();
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private void Send(double perSecond, long count, ConcurrentQueue<long>[] sent, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        for (long i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (Stopwatch.GetElapsedTime(begun).TotalSeconds < i / perSecond)
                Thread.Sleep(1);
            var (to, now) = ((int)(i % _producers.Count), Stopwatch.GetTimestamp());
            var request = _records.Append(now);
            sent[to].Enqueue(now);
            for (var at = 0; at < request.Length;)
                at += _producers[to].Send(request.AsSpan(at));
        }
    }

    private async Task<LatencyHistogram> AnswersAsync(Socket socket, ConcurrentQueue<long> sent, long count, CancellationToken cancellationToken)
    {
        var (latency, counter, buffer) = (new LatencyHistogram(), _records.Answers(), new byte[4096]);
        while (latency.Count < count)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
                throw new IOException("The server closed the connection.");
            for (var answers = counter.Count(buffer.AsSpan(0, read)); answers > 0 && sent.TryDequeue(out var at); answers--)
                latency.Record((long)Stopwatch.GetElapsedTime(at).TotalMicroseconds);
        }

        return latency;
    }

    private LatencyHistogram Consume(string from, long count, CancellationToken cancellationToken)
    {
        var latency = new LatencyHistogram();
        while (latency.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (from, var stamps) = _records.Poll(_consumer, from);
            var now = Stopwatch.GetTimestamp();
            foreach (var stamp in stamps)
                latency.Record((long)Stopwatch.GetElapsedTime(stamp, now).TotalMicroseconds);
        }

        return latency;
    }
}
