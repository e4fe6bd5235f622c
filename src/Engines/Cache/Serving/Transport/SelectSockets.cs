using System.Net;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>Every system: the runtime's sockets and its <c>Select</c>. Plain and right; each wait costs by the connections.</summary>
internal sealed class SelectSockets : Sockets
{
    public override Poller CreatePoller() => new SelectPoller();

    public override Listener Listen(EndPoint endPoint, SocketSettings settings) =>
        new SelectListener(CreateListening(endPoint, settings), settings);
}
