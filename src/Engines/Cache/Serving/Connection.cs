using System.Net;
using System.Runtime.CompilerServices;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Serving.Transport;

namespace Groundwork.Cache.Serving;

/// <summary>
/// One client's connection: reads requests, has its session run them, sends the replies. Belongs to one loop and is touched
/// by its thread only, but for what other threads leave behind: bytes in <see cref="PostedBytes"/>, wishes in a word of
/// flags, with which it is put into the loop's inbox.
/// <para>A turn: read once; run every command that is whole; send. No command is run while the connection is paused, while
/// more waits to be sent than <see cref="ClientLimits.HeldBytes"/>, and once it is to end; what was read then stays here. Long for a
/// file: reading, running and sending share one state, which would only be passed around.</para>
/// </summary>
internal sealed unsafe class Connection : IClientConnection
{
    // In the middle of a turn, replies are sent when there are so many.
    private const int SendBytes = 256 * 1024;
    private const int MaxSlices = 16;

    // What is read while the connection is paused: to see that the client has gone, one reads on.
    private const int PausedBytes = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly Channel _channel;
    private readonly RequestParser _parser = new();
    private readonly ReplyWriter _reply;
    private readonly InputBuffer _input;
    private readonly PostedBytes _posted = new();
    private ClientSession? _session;
    private Interest _interest;
    private ClientKind _kind;
    private bool _isPaused;
    private bool _isHeld;        // too much waits to be sent
    private bool _isBlocked;     // the system took less than there was
    private bool _isEnding;
    private bool _isClosed;
    private bool _isUnsent;
    private CloseReason _endReason;
    private long _lastInteraction;
    private long _softSince;
    private long _outputBytes;
    private int _wishes;
    private int _closeWish = -1;

    public Connection(EventLoop loop, Channel channel, long id)
    {
        _loop = loop;
        _channel = channel;
        _reply = new ReplyWriter(loop.Blocks);
        _input = new InputBuffer(loop.Blocks);
        Id = id;
        ConnectedAt = loop.Time.GetUtcNow();
        _lastInteraction = loop.Time.GetTimestamp();
    }

    public long Id { get; }

    public EndPoint? RemoteAddress => _channel.Remote;

    public EndPoint? LocalAddress => _channel.Local;

    public DateTimeOffset ConnectedAt { get; }

    public DateTimeOffset LastInteraction => _loop.Time.GetUtcNow() - _loop.Time.GetElapsedTime(Volatile.Read(ref _lastInteraction));

    public (int Used, int Room) InputBytes => (_input.Length, _input.Capacity);

    public long OutputBytes => Volatile.Read(ref _outputBytes) + _posted.Length;

    public long MemoryBytes => OutputBytes + _input.Capacity;

    /// <summary>Its number in the loop.</summary>
    internal int Slot { get; set; }

    public bool IsAuthenticated
    {
        get => _parser.IsAuthenticated;
        set => _parser.IsAuthenticated = value;
    }

    public ClientKind Kind
    {
        get => _kind;
        set
        {
            _kind = value;
            _reply.Limit = _loop.Limits.Output(value).Hard;
        }
    }

    public void Pause() => _isPaused = true;

    public void Resume() => Wish(Wishes.Resume);

    public void CloseAfterReply() => End(CloseReason.BySession);

    public bool Post(ReadOnlySpan<byte> bytes)
    {
        // Who is to be closed gets nothing more: also before the loop has come to it, so that nobody counts it as a listener.
        if (Volatile.Read(ref _closeWish) >= 0)
            return false;
        var most = _loop.Limits.Output(_kind).Hard;
        if (!_posted.TryAdd(bytes, most - Volatile.Read(ref _outputBytes)))
        {
            Close(CloseReason.OutputLimit);
            return false;
        }

        Wish(Wishes.Posted);
        return true;
    }

    public void Close(CloseReason reason)
    {
        Interlocked.CompareExchange(ref _closeWish, (int)reason, -1);
        Wish(Wishes.Close);
    }

    /// <summary>Begins to serve; on the loop's thread, as all that follows.</summary>
    internal void Open(Func<IClientConnection, ClientSession> sessions)
    {
        try
        {
            Kind = ClientKind.Normal;
            _parser.MaxBulkBytes = _loop.Limits.MaxBulkBytes;
            _interest = Interest.Read;
            _loop.Poller.Add(_channel, Slot, _interest);
            _session = sessions(this);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _loop.OnFailure?.Invoke(failure);
            CloseNow(CloseReason.Failure);
        }
    }

    /// <summary>Something came on the socket.</summary>
    internal void OnReady(Interest what)
    {
        if ((what & Interest.Write) != 0 && _isBlocked)
        {
            Send();
            if (!_isClosed && !_isHeld && _input.Length > 0)
                RunKept();
        }

        if ((what & Interest.Read) != 0 && (_interest & Interest.Read) != 0 && !_isClosed)
            Read();
        else if ((what & Interest.HangUp) != 0 && (_interest & Interest.HangUp) != 0 && !_isClosed)
            CloseNow(CloseReason.ByClient);
    }

    /// <summary>Does what other threads wished for.</summary>
    internal void OnWishes()
    {
        var wishes = (Wishes)Interlocked.Exchange(ref _wishes, 0);
        if (_isClosed)
            return;
        if ((wishes & Wishes.Open) != 0)
            _loop.Register(this);
        if (_isClosed)
            return;
        if ((wishes & Wishes.Close) != 0)
        {
            CloseNow((CloseReason)_closeWish);
            return;
        }

        if ((wishes & Wishes.Posted) != 0)
            _posted.MoveTo(_reply);
        if ((wishes & Wishes.Resume) != 0 && _isPaused)
        {
            _isPaused = false;
            if (_input.Length > 0)
            {
                RunKept();
                return;
            }
        }

        EndTurn();
    }

    /// <summary>Sends what is there; the rest when there is room.</summary>
    internal void Send()
    {
        _isUnsent = false;
        if (_isClosed)
            return;
        var slices = stackalloc Slice[MaxSlices];
        _isBlocked = false;
        while (_reply.Length > 0)
        {
            var count = 0;
            var all = 0L;
            for (var block = _reply.Front; block is not null && count < MaxSlices; block = block.Next)
            {
                slices[count].Start = block.Memory + block.Start;
                slices[count++].Length = (nuint)(block.End - block.Start);
                all += block.End - block.Start;
            }

            var sent = _channel.Send(slices, count);
            if (sent == Channel.Broken)
            {
                CloseNow(CloseReason.ByClient);
                return;
            }

            if (sent > 0)
            {
                _loop.Counters.BytesOut += sent;
                _reply.Consume(sent);
            }

            if (sent < all)
            {
                _isBlocked = true;
                break;
            }
        }

        var length = _reply.Length;
        Volatile.Write(ref _outputBytes, length);
        if (length == 0 && _isEnding)
        {
            CloseNow(_endReason);
            return;
        }

        _isHeld = length > (_isHeld ? _loop.Limits.HeldBytes / 2 : _loop.Limits.HeldBytes);
        UpdateInterest();
    }

    /// <summary>Every second: what only time brings.</summary>
    internal void Sweep(ClientLimits limits)
    {
        var output = limits.Output(_kind);
        _reply.Limit = output.Hard;
        _parser.MaxBulkBytes = limits.MaxBulkBytes;
        if (OutputBytes <= output.Soft)
            _softSince = 0;
        else if (_softSince == 0)
            _softSince = _loop.Now;
        else if (_loop.Time.GetElapsedTime(_softSince, _loop.Now).TotalSeconds > output.SoftSeconds)
            CloseNow(CloseReason.OutputLimit);

        if (limits.IdleSeconds > 0 && !_isPaused && !_isClosed && _kind == ClientKind.Normal
            && _loop.Time.GetElapsedTime(_lastInteraction, _loop.Now).TotalSeconds > limits.IdleSeconds)
            CloseNow(CloseReason.Idle);
    }

    /// <summary>The server stops: what came is run and answered, then the connection ends.</summary>
    internal void Stop()
    {
        if ((_interest & Interest.Read) != 0 && !_isClosed)
            Read();
        if (_isClosed)
            return;
        if (_isPaused)
        {
            CloseNow(CloseReason.Stopping);
            return;
        }

        End(CloseReason.Stopping);
        Send();
    }

    /// <summary>Ends the connection now.</summary>
    internal void CloseNow(CloseReason reason)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _posted.Close();
        _input.Clear();
        _reply.Clear();
        Volatile.Write(ref _outputBytes, 0);
        try
        {
            _session?.OnClosed(reason);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _loop.OnFailure?.Invoke(failure);
        }

        _loop.Forget(this, _channel, reason);
    }

    /// <summary>Has the loop call <see cref="OnWishes"/>.</summary>
    internal void Wish(Wishes wish)
    {
        if (Interlocked.Or(ref _wishes, (int)wish) == 0)
            _loop.Enqueue(this);
    }

    /// <summary>The loop has ended before it served this.</summary>
    internal void Abandon() => _channel.Dispose();

    private void Read()
    {
        if (_input.Length == 0)
        {
            var buffer = _loop.ReadBuffer;
            var received = _channel.Receive(buffer, EventLoop.ReadBytes);
            if (!CountReceived(received))
                return;
            var used = Run(buffer, received);
            if (used < received && !_isClosed && !_isEnding)
                _input.Keep(buffer + used, received - used);
            EndTurn();
            return;
        }

        var room = _input.Room(_parser.Wanted, out var length);
        var more = _channel.Receive(room, length);
        if (!CountReceived(more))
            return;
        _input.Filled(more);
        RunKept();
    }

    private bool CountReceived(int received)
    {
        if (received > 0)
        {
            _loop.Counters.BytesIn += received;
            Volatile.Write(ref _lastInteraction, _loop.Now);
            return true;
        }

        if (received != Channel.WouldBlock)
            CloseNow(CloseReason.ByClient);
        return false;
    }

    private void RunKept()
    {
        _input.Consume(Run(_input.Start, _input.Length));
        if (_input.Length > _loop.Limits.Input)
            CloseNow(CloseReason.InputLimit);
        EndTurn();
    }

    /// <summary>Runs the commands that are whole, and returns how many bytes they had.</summary>
    private int Run(byte* data, int length)
    {
        var (at, ahead, commands) = (0, 0, 0);
        try
        {
            // What was posted before these commands came is sent before their answers: so who asks anything knows what it was told until then.
            if ((Volatile.Read(ref _wishes) & (int)Wishes.Posted) != 0)
                _posted.MoveTo(_reply);
            _session!.OnTurn();
            while (at < length && !_isPaused && !_isHeld && !_isEnding && !_isClosed)
            {
                var status = _parser.Parse(data + at, length - at, out var used);
                at += used;
                if (status == RequestStatus.Command)
                {
                    _session.OnCommand(_parser.Arguments, _reply);
                    commands++;
                    if (_reply.Length >= SendBytes)
                        SendEarly();

                    // Whoever sends one command at a time never comes here with more.
                    if (--ahead < 0 && at < length)
                        ahead = _session.OnAhead(data + at, length - at);
                }
                else if (status == RequestStatus.Incomplete)
                {
                    break;
                }
                else
                {
                    Refuse(status);
                }
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _loop.OnFailure?.Invoke(failure);
            CloseNow(CloseReason.Failure);
        }

        _loop.Ran(commands);
        return _isClosed || _isEnding ? length : at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendEarly()
    {
        if (IsOverOutputLimit())
            CloseNow(CloseReason.OutputLimit);
        else
            Send();
    }

    private void Refuse(RequestStatus status)
    {
        if (status == RequestStatus.Http)
        {
            CloseNow(CloseReason.Http);
            return;
        }

        _reply.Error("ERR " + _parser.Error);
        End(CloseReason.ProtocolError);
    }

    private void End(CloseReason reason)
    {
        if (_isEnding)
            return;
        _isEnding = true;
        _endReason = reason;
    }

    private bool IsOverOutputLimit() => _reply.Overflowed || _reply.Length > _reply.Limit;

    private void EndTurn()
    {
        if (_isClosed)
            return;
        if (IsOverOutputLimit())
            CloseNow(CloseReason.OutputLimit);
        else if (_reply.Length == 0 && !_isEnding)
            UpdateInterest();
        else if (!_isUnsent && !_isBlocked)
            _isUnsent = _loop.SendLater(this);
        else
            AwaitRoom();
    }

    // What came since it was last sent waits too: limits are for all of it.
    private void AwaitRoom()
    {
        Volatile.Write(ref _outputBytes, _reply.Length);
        UpdateInterest();
    }

    private void UpdateInterest()
    {
        var interest = _isBlocked ? Interest.Write : Interest.None;
        if (!_isHeld && !_isEnding)
            interest |= _isPaused && _input.Length > PausedBytes ? Interest.HangUp : Interest.Read;
        if (interest == _interest)
            return;
        _interest = interest;
        _loop.Poller.Change(_channel, Slot, interest);
    }

    /// <summary>What other threads may wish for.</summary>
    [Flags]
    internal enum Wishes
    {
        None = 0,
        Open = 1,
        Posted = 2,
        Resume = 4,
        Close = 8,
    }
}
