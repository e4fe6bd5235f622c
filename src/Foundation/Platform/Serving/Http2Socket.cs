using System.Net;
using System.Net.Sockets;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Serving;

/// <summary>
/// The socket of <c>Http:ListenHttp2</c>. It is opened before the server starts, which would not start at all where a port is taken: a port that nobody
/// asked for is done without.
/// </summary>
/// <remarks>Not for concurrent use; the server takes the socket, and closes it.</remarks>
internal sealed class Http2Socket(SettingValues settings, ILogger<Http2Socket> logger) : IDisposable
{
    // What the server itself asks for once it has it.
    private const int Backlog = 512;

    private Socket? _socket;

    /// <summary>Where it is served; null where it isn't.</summary>
    public IPEndPoint? Endpoint { get; private set; }

    /// <summary>Opens it.</summary>
    /// <exception cref="StartRefusedException">The operator named an address that cannot be had.</exception>
    public void Open()
    {
        if (settings.Get(HttpOptions.ListenHttp2) is not { } endpoint)
            return;
        var isAskedFor = settings.IsSet(HttpOptions.ListenHttp2);
        if (!isAskedFor && endpoint.Port == settings.Get(HttpOptions.Listen).Port)
            return;
        try
        {
            _socket = (Socket)SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            _socket.Listen(Backlog);
            Endpoint = endpoint;
        }
        catch (SocketException e) when (isAskedFor)
        {
            throw new StartRefusedException(
                $"HTTP/2 cannot be served at {endpoint}: {e.Message}. Choose another address with --{HttpOptions.ListenHttp2.Name}=…, or none.", e);
        }
        catch (SocketException e)
        {
            _socket?.Dispose();
            Http2SocketLog.NotServed(logger, endpoint, e.Message);
        }
    }

    /// <summary>The socket for an endpoint of the server's.</summary>
    public Socket Take(EndPoint endpoint) =>
        ReferenceEquals(endpoint, Endpoint) && Interlocked.Exchange(ref _socket, null) is { } socket
            ? socket
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

    /// <summary>Closes it, where the server did not come to take it.</summary>
    public void Dispose() => _socket?.Dispose();
}

internal static partial class Http2SocketLog
{
    [LoggerMessage(1, LogLevel.Warning, "HTTP/2 is not served at {Endpoint}: {Reason}. Everything else runs. "
        + "Set Http:ListenHttp2 to another address, where there are clients of gRPC, or to none.")]
    public static partial void NotServed(ILogger logger, IPEndPoint endpoint, string reason);
}
