using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Groundwork.Primitives;

namespace Groundwork.Platform.Experiments.Load;

/// <summary>Writes the next request, whole, to where it will be sent from.</summary>
/// <param name="buffer">Where; <see cref="HttpLoad.LongestRequest"/> bytes.</param>
/// <returns>How many bytes it takes.</returns>
public delegate int RequestWriter(Span<byte> buffer);

/// <summary>
/// Sends HTTP/1.1 requests to a server on this machine, and costs little enough beside it to share its processors.
/// </summary>
/// <remarks>
/// <para>One thread serves all connections, each of which has at most one request under way. What is read of an answer is its
/// status, and where it ends. No tasks, no pools, no allocation a request: about two system calls, and a share of a poll.</para>
/// <para>An answer of another status than the one that was asked for ends the load with an error: what is measured is never
/// how fast a server fails. Safe for concurrent use; each run has connections of its own.</para>
/// </remarks>
/// <param name="address">The server; plain HTTP.</param>
/// <param name="connections">How many connections, at least 1.</param>
/// <param name="status">The status that every answer must have.</param>
/// <param name="next">The requests; called on one thread at a time in a run.</param>
public sealed class HttpLoad(Uri address, int connections, HttpStatusCode status, RequestWriter next)
{
    /// <summary>How long a request may be, in bytes.</summary>
    public const int LongestRequest = 16 << 10;

    // An answer that takes longer is a fault to be looked into, not a figure.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // How soon a cancelled run sees it.
    private const int PollMicroseconds = 100_000;

    /// <summary>
    /// A closed loop: each connection sends its next request as soon as it has its answer. It shows how much a server does at
    /// most, and says little about latency, since a slow server is asked less.
    /// </summary>
    /// <param name="duration">How long requests are sent; those under way are waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LoadResult> RunClosedAsync(TimeSpan duration, CancellationToken cancellationToken) => OnThread(() =>
    {
        using var run = new Run(this, cancellationToken);
        var ends = run.Started + ToTicks(duration);
        while (run.TryTakeIdle(out var connection))
            run.Send(connection, Stopwatch.GetTimestamp());
        while (run.IsBusy)
        {
            foreach (var connection in run.Receive(PollMicroseconds))
            {
                var now = Stopwatch.GetTimestamp();
                if (now < ends)
                    run.Send(connection, now);
            }
        }

        return run.End();
    });

    /// <summary>
    /// An open loop: requests arrive at a fixed rate, whether the server keeps up or not, and each is timed from when it was
    /// due. Those for which no connection is free wait for one, and their wait counts: nothing that a slow server
    /// delays is left out (the coordinated omission of closed loops).
    /// </summary>
    /// <param name="perSecond">The rate. Requests that are due within the same millisecond may be sent together.</param>
    /// <param name="duration">For how long requests arrive; all of them are waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<LoadResult> RunOpenAsync(int perSecond, TimeSpan duration, CancellationToken cancellationToken) => OnThread(() =>
    {
        using var run = new Run(this, cancellationToken);
        var total = (long)(perSecond * duration.TotalSeconds);
        var interval = (double)Stopwatch.Frequency / perSecond;
        for (var sent = 0L; sent < total || run.IsBusy;)
        {
            while (sent < total && DueAt(sent) <= Stopwatch.GetTimestamp() && run.TryTakeIdle(out var connection))
                run.Send(connection, DueAt(sent++));

            foreach (var connection in run.Receive(microseconds: 1000))
                run.Idle(connection);
        }

        return run.End();

        long DueAt(long request) => run.Started + (long)(request * interval);
    });

    private static Task<LoadResult> OnThread(Func<LoadResult> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>One run: its connections, and what it has seen.</summary>
    private sealed class Run : IDisposable
    {
        private readonly HttpLoad _load;
        private readonly CancellationToken _cancellation;
        private readonly LoadConnection[] _all;
        private readonly Queue<LoadConnection> _idle;
        private readonly HashSet<LoadConnection> _busy = new(ReferenceEqualityComparer.Instance);
        private readonly List<Socket> _ready;
        private readonly List<LoadConnection> _answered = [];
        private readonly LatencyHistogram _latency = new();
        private long _lastAnswer;

        public Run(HttpLoad load, CancellationToken cancellation)
        {
            (_load, _cancellation) = (load, cancellation);
            _all = [.. Enumerable.Range(0, load.Connections).Select(_ => LoadConnection.Open(load.Address))];
            _idle = new(_all);
            _ready = new(_all.Length);
            Started = _lastAnswer = Stopwatch.GetTimestamp();
        }

        public long Started { get; }

        public bool IsBusy => _busy.Count > 0;

        public bool TryTakeIdle(out LoadConnection connection) => _idle.TryDequeue(out connection!);

        public void Idle(LoadConnection connection) => _idle.Enqueue(connection);

        /// <param name="connection">On which.</param>
        /// <param name="since">From when on it is timed.</param>
        public void Send(LoadConnection connection, long since)
        {
            connection.SendRequest(_load.Next, since);
            _busy.Add(connection);
        }

        /// <summary>Waits for answers; those connections have theirs. The list is good until the next call.</summary>
        public List<LoadConnection> Receive(int microseconds)
        {
            _cancellation.ThrowIfCancellationRequested();
            _answered.Clear();
            if (_busy.Count == 0)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(microseconds));
                return _answered;
            }

            _ready.Clear();
            foreach (var connection in _busy)
                _ready.Add(connection);
            Socket.Select(_ready, null, null, microseconds);

            foreach (var socket in _ready)
            {
                var connection = (LoadConnection)socket;
                if (!connection.ReceiveAnswer(_load.Status))
                    continue;
                _lastAnswer = Stopwatch.GetTimestamp();
                _latency.Record(_lastAnswer - connection.Since);
                _busy.Remove(connection);
                _answered.Add(connection);
            }

            return Stopwatch.GetElapsedTime(_lastAnswer) < Patience
                ? _answered
                : throw new TimeoutException($"{_load.Address} has not answered anything for {Patience.TotalSeconds} s.");
        }

        public LoadResult End() => new(_latency.Count, Stopwatch.GetElapsedTime(Started, _lastAnswer), _latency);

        public void Dispose()
        {
            foreach (var connection in _all)
                connection.Dispose();
        }
    }

    private Uri Address { get; } = address;

    private int Connections { get; } = connections;

    private int Status { get; } = (int)status;

    private RequestWriter Next { get; } = next;
}
