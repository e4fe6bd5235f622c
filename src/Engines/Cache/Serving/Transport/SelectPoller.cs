using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>
/// Waits with the runtime's <c>Select</c>; is woken by a datagram to itself. Whether the other side has closed a socket from
/// which nothing is read is not among what it can wait for: that is looked at whenever something else is ready, and every
/// second; and not seen behind bytes that were not read.
/// </summary>
internal sealed class SelectPoller : Poller
{
    private const int LookMicroseconds = 1_000_000;

    private readonly Dictionary<Socket, (int Slot, Interest Interest)> _sockets = [];
    private readonly Dictionary<int, Interest> _found = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly Socket _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _datagram = new byte[1];

    public SelectPoller()
    {
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _wake.Blocking = false;
    }

    public override void Add(Pollable socket, int slot, Interest interest) => Change(socket, slot, interest);

    public override void Change(Pollable socket, int slot, Interest interest) =>
        _sockets[((ISelectable)socket).Socket] = (slot, interest);

    public override void Remove(Pollable socket, int slot) => _sockets.Remove(((ISelectable)socket).Socket);

    public override int Wait(Span<Ready> ready, bool wait)
    {
        _read.Clear();
        _write.Clear();
        _read.Add(_wake);
        var looks = false;
        foreach (var (socket, (_, interest)) in _sockets)
        {
            if ((interest & Interest.Read) != 0)
                _read.Add(socket);
            if ((interest & Interest.Write) != 0)
                _write.Add(socket);
            looks |= (interest & Interest.HangUp) != 0;
        }

        Socket.Select(_read, _write, null, !wait ? 0 : looks ? LookMicroseconds : -1);

        _found.Clear();
        foreach (var socket in _read)
        {
            if (socket == _wake)
                ForgetWakes();
            else
                Find(_sockets[socket].Slot, Interest.Read);
        }

        foreach (var socket in _write)
            Find(_sockets[socket].Slot, Interest.Write);
        if (looks)
            LookForHangUps();

        var count = 0;
        foreach (var (slot, what) in _found)
        {
            if (count == ready.Length)
                break;
            ready[count++] = new Ready(slot, what);
        }

        return count;
    }

    public override void Wake() => _wake.Send(_datagram, SocketFlags.None, out _);

    public override void Dispose() => _wake.Dispose();

    private void ForgetWakes()
    {
        SocketError error;
        do
            _wake.Receive(_datagram, SocketFlags.None, out error);
        while (error == SocketError.Success);
    }

    private void LookForHangUps()
    {
        foreach (var (socket, (slot, interest)) in _sockets)
        {
            if ((interest & Interest.HangUp) != 0 && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
                Find(slot, Interest.HangUp);
        }
    }

    private void Find(int slot, Interest what) => _found[slot] = _found.GetValueOrDefault(slot) | what;
}
