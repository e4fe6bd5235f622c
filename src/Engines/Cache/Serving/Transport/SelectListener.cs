using System.Net;
using System.Net.Sockets;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>A listening socket of the runtime.</summary>
internal sealed class SelectListener(Socket socket, SocketSettings settings) : Listener, ISelectable
{
    public Socket Socket => socket;

    public override EndPoint Address => socket.LocalEndPoint!;

    public override Accepted Accept(out Channel? channel)
    {
        channel = null;
        try
        {
            var accepted = socket.Accept();
            accepted.Blocking = false;
            // Not every system hands these on to what is accepted.
            if (accepted.AddressFamily != AddressFamily.Unix)
                settings.ApplyTo(accepted);
            channel = new SelectChannel(accepted);
            return Accepted.Connection;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode switch
            {
                SocketError.WouldBlock => Accepted.None,
                SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => Accepted.Exhausted,
                _ => Accepted.Failed,
            };
        }
    }

    public override void Dispose() => socket.Dispose();
}
