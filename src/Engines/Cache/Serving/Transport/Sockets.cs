using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>
/// The system's sockets as the event loops use them: nothing here waits, but <see cref="Poller.Wait"/>. Two
/// implementations: <see cref="EpollSockets"/> on Linux, <see cref="SelectSockets"/> everywhere, slower. What else the
/// loops do is the same on both.
/// </summary>
internal abstract class Sockets
{
    /// <summary>The best that this system has.</summary>
    public static Sockets OfThisSystem { get; } = EpollSockets.IsSupported ? new EpollSockets() : new SelectSockets();

    public abstract Poller CreatePoller();

    /// <exception cref="SocketException">The address is taken, not this machine's, or not allowed.</exception>
    public abstract Listener Listen(EndPoint endPoint, SocketSettings settings);

    /// <summary>A socket that listens, and does not block. What is set here is inherited by what it accepts, on Linux.</summary>
    protected static Socket CreateListening(EndPoint endPoint, SocketSettings settings)
    {
        var isLocal = endPoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isLocal ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (!isLocal)
                settings.ApplyTo(socket);
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(endPoint);
            socket.Listen(settings.Backlog);
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
