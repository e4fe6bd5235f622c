using System.Runtime.InteropServices;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving.Transport;

namespace Groundwork.Cache.Serving;

/// <summary>
/// A thread that serves the connections which are its own. Round by round: (1) wait for sockets; (2) give each that is ready
/// its turn; (3) do what other threads left in the inbox; (4) send what the turns wrote, so that a batch of small replies
/// does not wake its clients one by one while others wait for their turn; (5) let go of what was closed, whose numbers may
/// still have been among the ready ones. Where clients send many commands at a time, what was written is sent within the round too, so
/// that the first ones need not wait for as long as the commands of all others take; and a round of many commands ends with giving way: where
/// there are more threads than processors, the system would let another loop, or the clients, wait for some milliseconds before it asks. A
/// round that served several gives way and looks again before it waits: falling asleep and being woken takes longer than most commands.
/// </summary>
internal sealed unsafe class EventLoop
{
    /// <summary>What is read from a connection in one turn.</summary>
    public const int ReadBytes = 64 * 1024;

    private const int ReadyCount = 256;

    // Within a round, replies are sent when so many commands were run: some 100 microseconds.
    private const int ManyCommands = 192;
    private const int AcceptedCount = 64;

    // How often a loop looks again before it waits, where it served more than one connection: the others are likely to ask again too.
    private const int Looks = 3;
    private const int FirstListenerSlot = 1 << 30;

    private readonly RespServer _server;
    private readonly Lock _inboxLock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Connection> _unsent = [];
    private readonly List<int> _freed = [];
    private readonly Stack<int> _free = new();
    private readonly List<Listener> _listeners = [];
    private List<Connection> _inbox = [];
    private List<Connection> _taken = [];
    private Connection?[] _slots = new Connection?[64];
    private int _slotCount;
    private int _connections;
    private int _isAsleep;
    private bool _hasEnded;
    private bool _isExhausted;
    private bool _isStopping;
    private int _orders;
    private int _ran;
    private int _served;
    private bool _ranMany;

    public EventLoop(RespServer server, int number, Poller poller)
    {
        _server = server;
        Number = number;
        Poller = poller;
        ReadBuffer = (byte*)NativeMemory.Alloc(ReadBytes);
    }

    public int Number { get; }

    public Poller Poller { get; }

    public BlockPool Blocks { get; } = new();

    public ServerCounters Counters { get; } = new();

    public TimeProvider Time => _server.Time;

    public ClientLimits Limits => _server.Limits;

    public Action<Exception>? OnFailure => _server.OnFailure;

    /// <summary>Where requests are read; used within a turn.</summary>
    public byte* ReadBuffer { get; }

    /// <summary>The time of this round, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public long Now { get; private set; }

    /// <summary>How many connections it has, or is about to have.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Ends with the thread.</summary>
    public Task Ended => _ended.Task;

    public void Start(IEnumerable<Listener> listeners)
    {
        foreach (var listener in listeners)
        {
            Poller.Add(listener, FirstListenerSlot + _listeners.Count, Interest.Read);
            _listeners.Add(listener);
        }

        new Thread(Run) { IsBackground = true, Name = $"cache-{Number}" }.Start();
    }

    /// <summary>Asks for something, from any thread.</summary>
    public void Order(Orders order)
    {
        Interlocked.Or(ref _orders, (int)order);
        lock (_inboxLock)
            WakeUp();
    }

    /// <summary>Puts a connection into the inbox, from any thread.</summary>
    public void Enqueue(Connection connection)
    {
        lock (_inboxLock)
        {
            if (!_hasEnded)
            {
                _inbox.Add(connection);
                WakeUp();
                return;
            }
        }

        connection.Abandon();
    }

    /// <summary>Takes a connection on, from any thread.</summary>
    public void Adopt(Channel channel, long id)
    {
        Interlocked.Increment(ref _connections);
        new Connection(this, channel, id).Wish(Connection.Wishes.Open);
    }

    /// <summary>Gives a connection its number, and begins to serve it.</summary>
    public void Register(Connection connection)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _slotCount++;
            if (slot == _slots.Length)
                Array.Resize(ref _slots, slot * 2);
        }

        connection.Slot = slot;
        _slots[slot] = connection;
        connection.Open(_server.Sessions);
        if (_isStopping)
            connection.Stop();
    }

    /// <summary>Has <see cref="Connection.Send"/> called at the end of this round.</summary>
    public bool SendLater(Connection connection)
    {
        _unsent.Add(connection);
        return true;
    }

    /// <summary>So many commands were run in this round.</summary>
    public void Ran(int commands) => _ran += commands;

    /// <summary>Lets go of a connection that is closed; its client sees that last.</summary>
    public void Forget(Connection connection, Channel channel, CloseReason reason)
    {
        _slots[connection.Slot] = null;
        _freed.Add(connection.Slot);
        Counters.CountClosed(reason);
        Interlocked.Decrement(ref _connections);
        _server.OnClosed();
        Poller.Remove(channel, connection.Slot);
        channel.Dispose();
    }

    private void WakeUp()
    {
        if (!_hasEnded && Interlocked.Exchange(ref _isAsleep, 0) == 1)
            Poller.Wake();
    }

    private void Run()
    {
        Span<Ready> ready = stackalloc Ready[ReadyCount];
        while (!_isStopping || Connections > 0)
            Round(ready);
        End();
    }

    private void Round(Span<Ready> ready)
    {
        // (1)
        var count = _served > 1 ? LookAgain(ready) : 0;
        if (count == 0)
            count = Wait(ready);
        _served = count;
        Now = Time.GetTimestamp();

        // (2)
        foreach (var (slot, what) in ready[..count])
        {
            if (slot >= FirstListenerSlot)
                Accept(_listeners[slot - FirstListenerSlot]);
            else
                _slots[slot]?.OnReady(what);
            if (_ran >= ManyCommands)
            {
                SendUnsent();
                _ranMany = true;
            }
        }

        // (3)
        if (Interlocked.Exchange(ref _orders, 0) is var orders and not 0)
            Obey((Orders)orders);
        TakeInbox();

        // (4)
        SendUnsent();

        // (5)
        foreach (var slot in _freed)
            _free.Push(slot);
        _freed.Clear();

        if (_ranMany)
        {
            _ranMany = false;
            Thread.Yield();
        }
    }

    private int Wait(Span<Ready> ready)
    {
        // Whoever leaves something between the look at the inbox and the wait finds us asleep, and wakes us.
        Interlocked.Exchange(ref _isAsleep, 1);
        bool isIdle;
        lock (_inboxLock)
            isIdle = _inbox.Count == 0 && _orders == 0;
        var count = Poller.Wait(ready, isIdle);
        Volatile.Write(ref _isAsleep, 0);
        return count;
    }

    private int LookAgain(Span<Ready> ready)
    {
        var count = Poller.Wait(ready, wait: false);
        for (var i = 0; i < Looks && count == 0; i++)
        {
            Thread.Yield();
            count = Poller.Wait(ready, wait: false);
        }

        return count;
    }

    // A connection that sends goes on with what it kept, and may have more to send.
    private void SendUnsent()
    {
        _ran = 0;
        for (var i = 0; i < _unsent.Count; i++)
            _unsent[i].Send();
        _unsent.Clear();
    }

    private void TakeInbox()
    {
        lock (_inboxLock)
            (_inbox, _taken) = (_taken, _inbox);
        foreach (var connection in _taken)
            connection.OnWishes();
        _taken.Clear();
    }

    private void Accept(Listener listener)
    {
        for (var i = 0; i < AcceptedCount; i++)
        {
            switch (listener.Accept(out var channel))
            {
                case Accepted.Connection:
                    Counters.Received++;
                    if (!_server.TryAdmit(channel!))
                        Counters.Rejected++;
                    break;
                case Accepted.None:
                    return;
                case Accepted.Exhausted:
                    // It would be told again at once; the next second looks again.
                    _isExhausted = true;
                    Watch(Interest.None);
                    return;
            }
        }
    }

    private void Watch(Interest interest)
    {
        for (var i = 0; i < _listeners.Count; i++)
            Poller.Change(_listeners[i], FirstListenerSlot + i, interest);
    }

    private void Obey(Orders orders)
    {
        if ((orders & Orders.Sweep) != 0)
            Sweep();
        if ((orders & Orders.Stop) != 0)
            Stop();
        if ((orders & Orders.Abort) != 0)
            foreach (var connection in _slots.AsSpan(0, _slotCount))
                connection?.CloseNow(CloseReason.Stopping);
    }

    private void Sweep()
    {
        if (_isExhausted)
        {
            _isExhausted = false;
            Watch(Interest.Read);
        }

        var limits = Limits;
        var bytes = 0L;
        foreach (var connection in _slots.AsSpan(0, _slotCount))
        {
            connection?.Sweep(limits);
            bytes += connection?.MemoryBytes ?? 0;
        }

        // Each loop answers for its share.
        while (limits.AllBytes > 0 && bytes > limits.AllBytes / _server.LoopCount && Largest() is { } largest)
        {
            bytes -= largest.MemoryBytes;
            largest.CloseNow(CloseReason.MemoryLimit);
        }
    }

    private Connection? Largest()
    {
        Connection? largest = null;
        foreach (var connection in _slots.AsSpan(0, _slotCount))
        {
            if (connection is not null && connection.MemoryBytes > (largest?.MemoryBytes ?? 0))
                largest = connection;
        }

        return largest;
    }

    private void Stop()
    {
        _isStopping = true;
        for (var i = 0; i < _listeners.Count; i++)
        {
            Poller.Remove(_listeners[i], FirstListenerSlot + i);
            _listeners[i].Dispose();
        }

        _listeners.Clear();
        TakeInbox();
        foreach (var connection in _slots.AsSpan(0, _slotCount))
            connection?.Stop();
    }

    private void End()
    {
        lock (_inboxLock)
            _hasEnded = true;
        foreach (var connection in _inbox)
            connection.Abandon();
        Poller.Dispose();
        Blocks.Dispose();
        NativeMemory.Free(ReadBuffer);
        _ended.TrySetResult();
    }

    /// <summary>What a server asks of its loops.</summary>
    [Flags]
    internal enum Orders
    {
        None = 0,
        Sweep = 1,
        Stop = 2,
        Abort = 4,
    }
}
