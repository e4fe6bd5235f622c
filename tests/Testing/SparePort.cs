using System.Net;
using System.Net.Sockets;

namespace Groundwork.Testing;

/// <summary>
/// A port on loopback that nobody listens on, for a program that cannot be told to take any (port 0). Another may take it
/// before that program does: start it again on the next one.
/// </summary>
public static class SparePort
{
    /// <summary>A port that was free a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
