using System.Net;
using System.Net.Sockets;
using Groundwork.Platform.Control;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;

namespace Groundwork.Host.Doctor;

/// <summary>Whether HTTP can be served where the settings say, or our own instance serves it there.</summary>
internal static class PortCheck
{
    public static Finding Run(SettingValues settings, ControlStatus? running)
    {
        const string Name = "port";
        var listen = settings.Get(HttpOptions.Listen);
        if (running?.Address is { } address)
        {
            return address.Port == listen.Port || listen.Port == 0
                ? Finding.Ok(Name, $"HTTP is served at {address} by the running instance.")
                : Finding.Warn(Name, $"The running instance serves HTTP at {address}, and {HttpOptions.Listen.Name} is now {listen}.", "Restart it to move it.");
        }

        try
        {
            using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(listen);
            return Finding.Ok(Name, listen.Port == 0 ? "HTTP takes a spare port." : $"HTTP can be served at {listen}.");
        }
        catch (SocketException e)
        {
            var free = new IPEndPoint(listen.Address, Math.Min(listen.Port + 1, IPEndPoint.MaxPort));
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => Finding.Fail(
                    Name, $"Another program listens at {listen}.", $"Stop it, or choose another port, such as --{HttpOptions.Listen.Name}={free}."),
                SocketError.AccessDenied => Finding.Fail(
                    Name, $"This user may not listen at {listen}.", $"Choose a port from 1024 on, such as --{HttpOptions.Listen.Name}=127.0.0.1:8080."),
                _ => Finding.Fail(Name, $"HTTP cannot be served at {listen}: {e.Message}.", $"Choose another address with --{HttpOptions.Listen.Name}=…."),
            };
        }
    }
}
