using System.Net;
using System.Net.Sockets;

namespace Groundwork.Ports.Experiments;

/// <summary>Ports of loopback for servers that an experiment ends and starts again.</summary>
public static class LastingPort
{
    // Below those that systems give to whoever connects: else somebody may have it by the time of the second start.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>One that nobody has.</summary>
    public static int Next(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        while (true)
        {
            var port = random.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }
    }
}
