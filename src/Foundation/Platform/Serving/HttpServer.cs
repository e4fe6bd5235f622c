using System.Net;
using System.Net.Sockets;
using Groundwork.Platform.Access;
using Groundwork.Platform.Folders;
using Groundwork.Platform.Http;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Groundwork.Platform.Serving;

/// <summary>Kestrel, as the house wants it: the addresses of the settings and no others, and limits on everything.</summary>
internal static class HttpServer
{
    public static void Configure(WebApplicationBuilder builder, SettingValues settings, string socketPath, bool controlOnly)
    {
        builder.WebHost.UseKestrelCore().UseSockets();
        builder.Services.AddSingleton(new HttpListeners(controlOnly ? [] : [.. Asked(settings).Select(a => a.Endpoint)]));
        builder.Services.AddSingleton<Http2Socket>();
        builder.Services.AddOptions<SocketTransportOptions>().Configure<Http2Socket>((sockets, http2) => sockets.CreateBoundListenSocket = http2.Take);
        if (settings.Get(HttpOptions.Certificate).Length > 0)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Services.AddSingleton<HttpCertificate>();
        }

        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            HttpLimits.Apply(kestrel.Limits, settings);
            kestrel.ListenUnixSocket(socketPath, socket => socket.Use(next => connection =>
            {
                connection.Features.Set(ControlConnection.Instance);
                return next(connection);
            }));
            if (!controlOnly)
                kestrel.Listen(settings.Get(HttpOptions.Listen), listener => Encrypt(kestrel, listener));
        });
    }

    /// <summary>Opens the listeners and returns where HTTP is served, and where HTTP/2 alone.</summary>
    public static async Task<(Uri? Http, Uri? Http2)> ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var settings = app.Services.GetRequiredService<SettingValues>();
        var socketPath = DataFolder.SocketPath(app.Services.GetRequiredService<InstancePaths>().Data);
        File.Delete(socketPath);
        var listeners = app.Services.GetRequiredService<HttpListeners>();
        await PrepareAsync(app.Services, listeners, settings, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException || Socket(e) is SocketError.AddressAlreadyInUse)
        {
            var listen = settings.Get(HttpOptions.Listen);
            throw new StartRefusedException(
                $"HTTP cannot be served at {listen}: the port is taken. Choose another, such as "
                + $"--Http:Listen={new IPEndPoint(listen.Address, Math.Min(listen.Port + 1, IPEndPoint.MaxPort))}.", e);
        }
        catch (Exception e) when (Socket(e) is SocketError.AddressNotAvailable or SocketError.AccessDenied)
        {
            throw new StartRefusedException(
                $"HTTP cannot be served at {settings.Get(HttpOptions.Listen)}: {e.GetBaseException().Message}. Choose another address with --Http:Listen=….", e);
        }

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var bound = addresses.Where(a => !a.Contains("unix:", StringComparison.Ordinal)).Select(a => new Uri(a)).ToList();
        listeners.Bound(bound);
        return (bound.FirstOrDefault(), bound.ElementAtOrDefault(1));
    }

    /// <summary>What must hold before anything is served: credentials where others can reach it, and a certificate that works.</summary>
    private static async Task PrepareAsync(
        IServiceProvider services, HttpListeners listeners, SettingValues settings, CancellationToken cancellationToken)
    {
        if (listeners.Endpoints.Count == 0)
            return;

        foreach (var (name, endpoint) in Asked(settings))
            await Credentials.RequireForAsync(services.GetService<Credentials>(), name, endpoint, cancellationToken);
        ListenForHttp2(services.GetRequiredService<IOptions<KestrelServerOptions>>().Value, services.GetRequiredService<Http2Socket>());

        if (services.GetService<HttpCertificate>() is { } certificate)
            await certificate.LoadAsync(cancellationToken);
        else if (Asked(settings).FirstOrDefault(a => !IPAddress.IsLoopback(a.Endpoint.Address)) is { Endpoint: { } open })
            HttpServerLog.Unencrypted(services.GetRequiredService<ILogger<HttpListeners>>(), open);
    }

    // The server is built before anything may be opened, and reads its listeners when it starts.
    private static void ListenForHttp2(KestrelServerOptions kestrel, Http2Socket socket)
    {
        socket.Open();
        if (socket.Endpoint is null)
            return;
        kestrel.Listen(socket.Endpoint, listener =>
        {
            listener.Protocols = HttpProtocols.Http2;
            Encrypt(kestrel, listener);
        });
    }

    private static void Encrypt(KestrelServerOptions kestrel, ListenOptions listener)
    {
        if (kestrel.ApplicationServices.GetService<HttpCertificate>() is { } certificate)
            listener.UseHttps(certificate.ForHandshakes());
    }

    private static IEnumerable<(string Name, IPEndPoint Endpoint)> Asked(SettingValues settings)
    {
        yield return (HttpOptions.Listen.Name, settings.Get(HttpOptions.Listen));
        if (settings.Get(HttpOptions.ListenHttp2) is { } http2)
            yield return (HttpOptions.ListenHttp2.Name, http2);
    }

    private static SocketError? Socket(Exception e) => (e.GetBaseException() as SocketException)?.SocketErrorCode;
}

internal static partial class HttpServerLog
{
    [LoggerMessage(1, LogLevel.Warning, "HTTP is served at {Endpoint} without TLS: credentials cross the network readable. "
        + "Set Http:Certificate and Http:CertificateKey, or let only a proxy that ends TLS reach it.")]
    public static partial void Unencrypted(ILogger logger, IPEndPoint endpoint);
}
