using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>What is set on sockets.</summary>
/// <param name="Backlog">How many connections may wait to be accepted; the system may allow fewer.</param>
/// <param name="KeepAliveSeconds">A connection that is silent for so long is asked whether it is there; 0: never.</param>
internal readonly record struct SocketSettings(int Backlog, int KeepAliveSeconds)
{
    public void ApplyTo(Socket socket)
    {
        socket.NoDelay = true;
        if (KeepAliveSeconds == 0)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, KeepAliveSeconds / 3));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
