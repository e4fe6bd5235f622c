using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Groundwork.Cache.Serving.Transport;
using Groundwork.Primitives;

namespace Groundwork.Cache.Benchmarks.Load;

/// <summary>
/// Sends requests of one length, whose answers have one length too, when they are due or as fast as they are answered, and times each. One
/// thread serves all connections, with one request under way on each, as the server's own loops do: two system calls a request, a share of a
/// third, and nothing allocated.
/// </summary>
/// <remarks>
/// While nothing is due and nothing has come it does not sleep, which would take longer than the time between two requests, but gives the
/// processor to whoever wants it. Not for concurrent use.
/// </remarks>
internal sealed unsafe class ScheduledLoad : IDisposable
{
    private const int MaxAnswerBytes = 64 << 10;

    // An answer that takes longer is a fault to be looked into, not a figure.
    private static readonly long PatienceTicks = 30 * Stopwatch.Frequency;

    private readonly Socket[] _sockets;
    private readonly Channel[] _channels;
    private readonly Poller _poller = Transport.CreatePoller();
    private readonly Ready[] _ready;
    private readonly Queue<int> _idle;
    private readonly long[] _since;
    private readonly long[] _sent;
    private readonly int[] _missing;
    private readonly byte[] _requests;
    private readonly byte[] _answer = GC.AllocateUninitializedArray<byte>(MaxAnswerBytes, pinned: true);
    private readonly int _requestBytes;
    private readonly int _answerBytes;
    private int _next;
    private long _lastAnswer;

    /// <param name="port">Where the server listens.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="requests">What is sent, in turn, again and again; all as long as the first.</param>
    /// <param name="answerBytes">How long each answer is.</param>
    public ScheduledLoad(int port, int connections, IReadOnlyList<byte[]> requests, int answerBytes)
    {
        (_requestBytes, _answerBytes) = (requests[0].Length, answerBytes);
        _requests = GC.AllocateUninitializedArray<byte>(requests.Count * _requestBytes, pinned: true);
        for (var i = 0; i < requests.Count; i++)
            requests[i].CopyTo(_requests, i * _requestBytes);
        _sockets = new Socket[connections];
        _channels = new Channel[connections];
        _ready = new Ready[connections];
        _idle = new Queue<int>(connections);
        _since = new long[connections];
        _sent = new long[connections];
        _missing = new int[connections];
        for (var i = 0; i < connections; i++)
        {
            _sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _sockets[i].Connect(IPAddress.Loopback, port);
            _sockets[i].Blocking = false;
            _channels[i] = EpollSockets.IsSupported ? new EpollChannel((int)_sockets[i].Handle, null) : new SelectChannel(_sockets[i]);
            _poller.Add(_channels[i], i, Interest.Read);
        }
    }

    private static Serving.Transport.Sockets Transport => Serving.Transport.Sockets.OfThisSystem;

    /// <summary>
    /// A closed loop: each connection sends its next request when it has its answer. It shows what a server does at most.
    /// </summary>
    /// <param name="duration">How long requests are sent; those under way are waited for.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public LoadSeen RunClosed(TimeSpan duration, CancellationToken cancellationToken)
    {
        var seen = Begin(out var started);
        var ends = started + Ticks(duration);
        var now = started;
        while (now < ends || IsBusy)
        {
            while (now < ends && _idle.TryDequeue(out var connection))
                Send(connection, now, now);
            now = Receive(seen, cancellationToken);
        }

        return seen with { Elapsed = Stopwatch.GetElapsedTime(started) };
    }

    /// <summary>
    /// An open loop: requests arrive at a rate, whether the server keeps up or not, and each is timed from when it was due. Those for which
    /// no connection is free wait for one, and their wait counts.
    /// </summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">For how long requests arrive; all of them are waited for.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public LoadSeen RunOpen(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var seen = Begin(out var started);
        var total = Math.Max(1, (long)(perSecond * duration.TotalSeconds));
        var interval = Stopwatch.Frequency / perSecond;
        var now = started;
        for (var sent = 0L; sent < total || IsBusy;)
        {
            while (sent < total && started + (long)(sent * interval) is var due && due <= now && _idle.TryDequeue(out var connection))
            {
                Send(connection, due, now);
                sent++;
            }

            now = Receive(seen, cancellationToken);
        }

        return seen with { Elapsed = Stopwatch.GetElapsedTime(started) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private bool IsBusy => _idle.Count < _channels.Length;

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private LoadSeen Begin(out long started)
    {
        _idle.Clear();
        for (var i = 0; i < _channels.Length; i++)
            _idle.Enqueue(i);
        started = _lastAnswer = Stopwatch.GetTimestamp();
        return new LoadSeen(new LatencyHistogram(), new LatencyHistogram());
    }

    private void Send(int connection, long since, long now)
    {
        fixed (byte* requests = _requests)
        {
            var slice = new Slice { Start = requests + _next, Length = (nuint)_requestBytes };
            if (_channels[connection].Send(&slice, 1) != _requestBytes)
                throw new EndOfStreamException("The server did not take a request.");
        }

        _next = (_next + _requestBytes) % _requests.Length;
        (_since[connection], _sent[connection]) = (since, now);
        _missing[connection] = _answerBytes;
    }

    // Takes what has come, and says what time it is then.
    private long Receive(LoadSeen seen, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = _poller.Wait(_ready, wait: false);
        if (count == 0)
            Thread.Yield();
        var now = Stopwatch.GetTimestamp();
        fixed (byte* answer = _answer)
        {
            foreach (var (connection, _) in _ready.AsSpan(0, count))
            {
                var received = _channels[connection].Receive(answer, MaxAnswerBytes);
                if (received is 0 or Channel.Broken || received > _missing[connection])
                    throw new EndOfStreamException("The server closed the connection, or answered otherwise than expected.");
                if (received == Channel.WouldBlock || (_missing[connection] -= received) > 0)
                    continue;
                seen.Latency.Record(now - _since[connection]);
                seen.FromSending.Record(now - _sent[connection]);
                _idle.Enqueue(connection);
                _lastAnswer = now;
            }
        }

        if (now - _lastAnswer > PatienceTicks && IsBusy)
            throw new TimeoutException("The server did not answer.");
        return now;
    }
}

/// <summary>What a load saw, in ticks of <see cref="Stopwatch"/>.</summary>
/// <param name="Latency">How long answers took from when their requests were due.</param>
/// <param name="FromSending">The same from when they were sent: without what the load itself was late, and without the wait for a connection.</param>
internal sealed record LoadSeen(LatencyHistogram Latency, LatencyHistogram FromSending)
{
    /// <summary>From the first request to the last answer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How many were answered.</summary>
    public long Operations => Latency.Count;

    /// <summary>How many were answered a second.</summary>
    public double PerSecond => Operations / Elapsed.TotalSeconds;
}
