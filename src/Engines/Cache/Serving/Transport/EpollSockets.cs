using System.Net;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Serving.Transport;

/// <summary>Linux: the system's own calls, without what the runtime would put in between.</summary>
internal sealed class EpollSockets : Sockets
{
    /// <summary>The processors on which the layouts and numbers of <see cref="Libc"/> are known to hold.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public override Poller CreatePoller() => new EpollPoller();

    public override Listener Listen(EndPoint endPoint, SocketSettings settings) => new EpollListener(CreateListening(endPoint, settings));
}
