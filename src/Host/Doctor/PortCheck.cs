using System.Net;
using System.Net.Sockets;
using Groundwork.Platform.Control;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Doctor;

/// <summary>Whether HTTP can be served where the settings say, and HTTP/2 alone, or our own instance serves it there.</summary>
internal static class PortCheck
{
    private const string Name = "port";

    public static IEnumerable<Finding> Run(SettingValues settings, ControlStatus? running)
    {
        yield return Http(settings, running);
        if (running is null && settings.Get(HttpOptions.ListenHttp2) is { } http2)
            yield return Http2(settings, http2);
    }

    private static Finding Http(SettingValues settings, ControlStatus? running)
    {
        var listen = settings.Get(HttpOptions.Listen);
        if (running?.Address is { } address)
        {
            return address.Port == listen.Port || listen.Port == 0
                ? Finding.Ok(Name, $"HTTP is served at {address} by the running instance.")
                : Finding.Warn(Name, $"The running instance serves HTTP at {address}, and {HttpOptions.Listen.Name} is now {listen}.", "Restart it to move it.");
        }

        var free = new IPEndPoint(listen.Address, Math.Min(listen.Port + 1, IPEndPoint.MaxPort));
        return Failure(listen) switch
        {
            null => Finding.Ok(Name, listen.Port == 0 ? "HTTP takes a spare port." : $"HTTP can be served at {listen}."),
            { SocketErrorCode: SocketError.AddressAlreadyInUse } => Finding.Fail(
                Name, $"Another program listens at {listen}.", $"Stop it, or choose another port, such as --{HttpOptions.Listen.Name}={free}."),
            { SocketErrorCode: SocketError.AccessDenied } => Finding.Fail(
                Name, $"This user may not listen at {listen}.", $"Choose a port from 1024 on, such as --{HttpOptions.Listen.Name}=127.0.0.1:8080."),
            var e => Finding.Fail(Name, $"HTTP cannot be served at {listen}: {e.Message}.", $"Choose another address with --{HttpOptions.Listen.Name}=…."),
        };
    }

    // A port that nobody asked for is done without.
    private static Finding Http2(SettingValues settings, IPEndPoint listen)
    {
        const string WayOut = "For clients of gRPC choose another address with --Http:ListenHttp2=…; none, where there are none.";
        if (Failure(listen) is not { } failure)
            return Finding.Ok(Name, listen.Port == 0 ? "HTTP/2 takes a spare port." : $"HTTP/2 can be served at {listen}.");
        var seen = $"HTTP/2 cannot be served at {listen}: {failure.Message}.";
        return settings.IsSet(HttpOptions.ListenHttp2) ? Finding.Fail(Name, seen, WayOut) : Finding.Warn(Name, seen, WayOut);
    }

    private static SocketException? Failure(IPEndPoint listen)
    {
        try
        {
            using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(listen);
            return null;
        }
        catch (SocketException e)
        {
            return e;
        }
    }
}
