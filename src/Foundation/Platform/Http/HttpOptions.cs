using System.Net;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Http;

/// <summary>What an operator sets of HTTP. Limits that nobody needs to move are constants in <c>Serving/HttpLimits</c>.</summary>
public static class HttpOptions
{
    /// <summary>Where HTTP is served.</summary>
    public static readonly Setting<IPEndPoint> Listen = Setting.Endpoint(
        "Http:Listen", "127.0.0.1:8080",
        "Where HTTP is served; port 0 takes a spare one. An address other than loopback wants credentials (see `groundwork keys`).");

    /// <summary>Where HTTP/2 is served to those who begin with it.</summary>
    public static readonly Setting<IPEndPoint?> ListenHttp2 = Setting.EndpointOrNone(
        "Http:ListenHttp2", "127.0.0.1:8090",
        "Where the same is served by HTTP/2 to clients that begin with it, as those of gRPC do (Envoy): Http:Listen speaks HTTP/2 only with a certificate. "
        + "Port 0 takes a spare one, none is nowhere; the default is done without where another program has it. An address other than loopback wants credentials.");

    /// <summary>The bound of a request's body.</summary>
    public static readonly Setting<long> BodyLimit = Setting.Size(
        "Http:BodyLimit", 1 << 20, 1 << 10, 1L << 30,
        "The largest request body, except where an endpoint that takes uploads says otherwise; a larger one gets 413.");

    /// <summary>The bound of a request's headers.</summary>
    public static readonly Setting<long> HeaderLimit = Setting.Size(
        "Http:HeaderLimit", 32 << 10, 4 << 10, 128 << 10,
        "The largest sum of a request's headers; more get 431.");

    /// <summary>The bound of connections.</summary>
    public static readonly Setting<long> Connections = Setting.Integer(
        "Http:Connections", 10_000, 16, 1_000_000,
        "How many connections may be open at once; further ones are closed at once. Each takes a file descriptor.");

    /// <summary>How long headers may take.</summary>
    public static readonly Setting<TimeSpan> HeaderTimeout = Setting.Duration(
        "Http:HeaderTimeout", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5),
        "How long a request's headers may take to arrive; slower ones get 408.");

    /// <summary>How long an idle connection is kept.</summary>
    public static readonly Setting<TimeSpan> KeepAliveTimeout = Setting.Duration(
        "Http:KeepAliveTimeout", TimeSpan.FromSeconds(130), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1),
        "How long a connection without a request is kept open; should be longer than that of a balancer in front.");

    /// <summary>How long a stop waits for requests.</summary>
    public static readonly Setting<TimeSpan> StopTimeout = Setting.Duration(
        "Http:StopTimeout", TimeSpan.FromSeconds(3), TimeSpan.Zero, TimeSpan.FromMinutes(5),
        "How long a graceful stop waits for requests under way before it cuts them.");

    /// <summary>The chain of certificates.</summary>
    public static readonly Setting<string> Certificate = Setting.Text(
        "Http:Certificate", "", "a path of a PEM file, or empty",
        "The certificate with which HTTP is served, leaf first, then those between it and the root; read again when it changes. Needs Http:CertificateKey. Empty serves without TLS.");

    /// <summary>The key of the certificate.</summary>
    public static readonly Setting<string> CertificateKey = Setting.Text(
        "Http:CertificateKey", "", "a path of a PEM file, or empty",
        "The certificate's private key, without a password. Needs Http:Certificate; both may be one file.");

    /// <summary>The names under which this server is reached.</summary>
    public static readonly Setting<IReadOnlyList<string>> AllowedHosts = Setting.List(
        "Http:AllowedHosts", "", "host names, without ports; *.example.org for all below it",
        "The hosts that requests may be for, beside localhost and the address listened on, such as the name that a proxy in front passes on. "
        + "Empty: no others while only loopback is listened on, any once another address is.");

    /// <summary>The origins whose pages may change things.</summary>
    public static readonly Setting<IReadOnlyList<string>> AllowedOrigins = Setting.List(
        "Http:AllowedOrigins", "", "origins such as https://app.example.org",
        "The origins, beside this server's own, whose pages may send requests that change something: for a proxy in front that rewrites Host. It is not CORS.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Listen, ListenHttp2, BodyLimit, HeaderLimit, Connections, HeaderTimeout, KeepAliveTimeout, StopTimeout,
        Certificate, CertificateKey, AllowedHosts, AllowedOrigins,
    ];

    internal static IEnumerable<SettingError> Validate(SettingValues settings)
    {
        foreach (var (set, missing) in ((Setting<string>, Setting<string>)[])[(Certificate, CertificateKey), (CertificateKey, Certificate)])
        {
            if (settings.Get(set).Length > 0 && settings.Get(missing).Length == 0)
                yield return new SettingError(missing.Name, $"is missing while {set.Name} is set", "Set both, or neither to serve without TLS.");
        }

        if (settings.IsSet(ListenHttp2) && settings.Get(ListenHttp2) is { Port: > 0 } http2 && http2.Equals(settings.Get(Listen)))
            yield return new SettingError(ListenHttp2.Name, $"is {http2}, which is {Listen.Name} too", "Choose another port, or none.");

        foreach (var host in settings.Get(AllowedHosts).Where(h => h.Contains('/', StringComparison.Ordinal) || h.Contains(':', StringComparison.Ordinal) || h is "*" or "*."))
            yield return new SettingError(AllowedHosts.Name, $"has '{host}', which is not a host name alone", "Write go.example.org or *.example.org, without scheme and port.");

        foreach (var origin in settings.Get(AllowedOrigins).Where(o => !IsOrigin(o)))
            yield return new SettingError(AllowedOrigins.Name, $"has '{origin}', which is not an origin", "Write https://app.example.org: scheme, host, and the port unless it is the default; no path.");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
