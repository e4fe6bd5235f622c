using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>A connection's socket of the runtime.</summary>
internal sealed unsafe class SelectChannel(Socket socket) : Channel, ISelectable
{
    public Socket Socket => socket;

    public override EndPoint? Remote { get; } = socket.RemoteEndPoint;

    public override EndPoint? Local { get; } = socket.LocalEndPoint;

    public override int Receive(byte* to, int length)
    {
        var received = socket.Receive(new Span<byte>(to, length), SocketFlags.None, out var error);
        return error == SocketError.Success ? received : Failure(error);
    }

    public override long Send(Slice* slices, int count)
    {
        var all = 0L;
        for (var i = 0; i < count; i++)
        {
            var sent = socket.Send(new ReadOnlySpan<byte>(slices[i].Start, (int)slices[i].Length), SocketFlags.None, out var error);
            if (error != SocketError.Success)
                return all > 0 ? all : Failure(error);
            all += sent;
            if (sent < (int)slices[i].Length)
                break;
        }

        return all;
    }

    public override void Dispose() => socket.Dispose();

    private static int Failure(SocketError error) => error is SocketError.WouldBlock or SocketError.Interrupted ? WouldBlock : Broken;
}
