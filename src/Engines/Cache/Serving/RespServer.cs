using System.Net;
using System.Net.Sockets;
using System.Text;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving.Transport;
using Groundwork.Ports.Listening;

namespace Groundwork.Cache.Serving;

/// <summary>
/// Listens, and spreads connections over its loops, each to the one that has the fewest. Thread-safe.
/// </summary>
internal sealed class RespServer : IServer, IAsyncDisposable
{
    private static readonly byte[] TooManyClients = Encoding.ASCII.GetBytes("-ERR max number of clients reached\r\n");

    private readonly ServerOptions _options;
    private readonly Transport.Sockets _sockets;
    private readonly EventLoop[] _loops;
    private ITimer? _timer;
    private long _lastId;
    private int _connected;
    private bool _hasStarted;

    /// <param name="sessions">Makes what stands behind a connection; called on the connection's thread.</param>
    /// <param name="sockets">The best of this system where none is given.</param>
    public RespServer(
        ServerOptions options, Func<IClientConnection, ClientSession> sessions, TimeProvider time, Transport.Sockets? sockets = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Loops, 1, nameof(options));
        _options = options;
        _sockets = sockets ?? Transport.Sockets.OfThisSystem;
        Limits = options.Limits;
        Sessions = sessions;
        Time = time;
        _loops = new EventLoop[options.Loops];
    }

    /// <summary>What is listened on, once started.</summary>
    public IReadOnlyList<EndPoint> Addresses { get; private set; } = [];

    /// <summary>What clients may take from now on; those that are there see it within a second.</summary>
    public ClientLimits Limits { get; set; }

    /// <inheritdoc/>
    public int KeepAliveSeconds => _options.KeepAliveSeconds;

    /// <summary>How many clients there are.</summary>
    public int Connected => Volatile.Read(ref _connected);

    internal int LoopCount => _loops.Length;

    internal TimeProvider Time { get; }

    internal Func<IClientConnection, ClientSession> Sessions { get; }

    internal Action<Exception>? OnFailure => _options.OnFailure;

    /// <summary>Listens and serves, or says why not; then nothing is left behind.</summary>
    public ListenFailure? Start()
    {
        var listeners = new List<Listener>();
        foreach (var endPoint in _options.Listen)
        {
            try
            {
                listeners.Add(_sockets.Listen(endPoint, new SocketSettings(_options.Backlog, _options.KeepAliveSeconds)));
            }
            catch (SocketException failure)
            {
                listeners.ForEach(l => l.Dispose());
                return new ListenFailure(endPoint, failure.SocketErrorCode);
            }
        }

        Addresses = [.. listeners.Select(l => l.Address)];
        for (var i = 0; i < _loops.Length; i++)
            _loops[i] = new EventLoop(this, i, _sockets.CreatePoller());
        _hasStarted = true;
        for (var i = 0; i < _loops.Length; i++)
            _loops[i].Start(i == 0 ? listeners : []);
        _timer = Time.CreateTimer(_ => Order(EventLoop.Orders.Sweep), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return null;
    }

    /// <summary>What happened so far.</summary>
    public ServerCounters Count()
    {
        var all = new ServerCounters();
        if (_hasStarted)
            foreach (var loop in _loops)
                all.Add(loop.Counters);
        return all;
    }

    /// <summary>
    /// Takes no more connections, runs and answers what has come, and ends the connections, those that wait for something
    /// too. What is not sent when <paramref name="deadline"/> ends is dropped.
    /// </summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        if (!_hasStarted)
            return;
        if (_timer is not null)
            await _timer.DisposeAsync();
        Order(EventLoop.Orders.Stop);
        await using var abort = deadline.Register(() => Order(EventLoop.Orders.Abort));
        await Task.WhenAll(_loops.Select(l => l.Ended));
    }

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    /// <summary>Gives a connection to a loop, or turns it away.</summary>
    internal unsafe bool TryAdmit(Channel channel)
    {
        if (Interlocked.Increment(ref _connected) > Limits.MaxClients)
        {
            Interlocked.Decrement(ref _connected);
            fixed (byte* text = TooManyClients)
            {
                var slice = new Slice { Start = text, Length = (nuint)TooManyClients.Length };
                channel.Send(&slice, 1);
            }

            channel.Dispose();
            return false;
        }

        var fewest = _loops[0];
        foreach (var loop in _loops)
        {
            if (loop.Connections < fewest.Connections)
                fewest = loop;
        }

        fewest.Adopt(channel, Interlocked.Increment(ref _lastId));
        return true;
    }

    internal void OnClosed() => Interlocked.Decrement(ref _connected);

    private void Order(EventLoop.Orders order)
    {
        foreach (var loop in _loops)
            loop.Order(order);
    }
}
