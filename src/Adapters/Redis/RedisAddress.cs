using System.Net;
using System.Net.Security;
using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>
/// Where a Redis is and how to enter: what an operator wrote, with what the adapter itself needs put in.
/// </summary>
/// <remarks>
/// The password leaves this type only inside a connection. Messages and logs take <see cref="ToString"/>, which has none; what the parser
/// says about a text that it cannot read is never repeated, since it may quote a piece of a password. Immutable.
/// </remarks>
internal sealed class RedisAddress
{
    // The driver's 5 s would keep a connection that hangs while it is made for as long after the server is back.
    private const int ConnectTimeoutMs = 2000;

    // How often the driver looks whether its connection lives and tries to make a new one.
    private const int HeartbeatMs = 250;

    // Callers leave after Cache:Timeout. This is when the driver itself gives a call up; after four times as long without a word it makes
    // a new connection.
    private const int DriverTimeoutMs = 1000;

    private readonly ConfigurationOptions _options;

    private RedisAddress(ConfigurationOptions options, bool hasConnectTimeout)
    {
        _options = options;
        _options.AbortOnConnectFail = false;
        _options.BacklogPolicy = BacklogPolicy.FailFast; // a queue would be one more, without a bound
        _options.AsyncTimeout = Math.Max(DriverTimeoutMs, _options.AsyncTimeout == _options.SyncTimeout ? 0 : _options.AsyncTimeout);
        _options.HeartbeatInterval = TimeSpan.FromMilliseconds(HeartbeatMs);
        _options.ReconnectRetryPolicy = new LinearRetry(HeartbeatMs);
        _options.IncludeDetailInExceptions = false;
        _options.ClientName ??= "groundwork";
        _options.ConfigurationChannel = ""; // nobody of ours announces anything on it
        _options.TieBreaker = "";
        if (!hasConnectTimeout)
            _options.ConnectTimeout = ConnectTimeoutMs;
        Shown = string.Join(',', _options.EndPoints.Select(Show));
    }

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout => TimeSpan.FromMilliseconds(_options.ConnectTimeout);

    /// <summary>The servers that are named.</summary>
    public IReadOnlyList<EndPoint> Servers => [.. _options.EndPoints];

    /// <summary>The user to enter as, if there is a password.</summary>
    public string User => string.IsNullOrEmpty(_options.User) ? "default" : _options.User;

    /// <summary>The password; null for none.</summary>
    public string? Password => string.IsNullOrEmpty(_options.Password) ? null : _options.Password;

    private string Shown { get; }

    /// <summary>Reads the value of <c>Cache:Connection</c>.</summary>
    /// <exception cref="CacheException">It is not a connection string.</exception>
    public static RedisAddress Parse(string connection)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw Unreadable("a part of it is unknown or misspelt");
        }

        if (options.EndPoints.Count == 0)
            throw Unreadable("it names no host");
        return new RedisAddress(options, connection.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What the driver connects by.</summary>
    /// <param name="timeout"><c>Cache:Timeout</c>: the driver gives up no earlier.</param>
    public ConfigurationOptions Options(TimeSpan timeout)
    {
        var options = _options.Clone();
        options.AsyncTimeout = Math.Max(options.AsyncTimeout, (int)timeout.TotalMilliseconds);
        return options;
    }

    /// <summary>What a connection of our own to a server says for TLS; null where it is not encrypted.</summary>
    public SslClientAuthenticationOptions? Tls(EndPoint server)
    {
        if (!_options.Ssl)
            return null;
        var host = _options.SslHost ?? (server as DnsEndPoint)?.Host ?? (server as IPEndPoint)?.Address.ToString() ?? "";
        var tls = _options.SslClientAuthenticationOptions?.Invoke(host) ?? new SslClientAuthenticationOptions();
        tls.TargetHost ??= host;
        if (_options.SslProtocols is { } protocols)
            tls.EnabledSslProtocols = protocols;
        if (_options.CheckCertificateRevocation)
            tls.CertificateRevocationCheckMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.Online;
        return tls;
    }

    /// <summary>Hosts and ports; never more.</summary>
    public override string ToString() => Shown;

    private static string Show(EndPoint server) => server switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => server.ToString() ?? "",
    };

    private static CacheException Unreadable(string problem) => new(
        $"Cache:Connection cannot be read: {problem}. It looks like localhost:6379,user=…,password=…,ssl=true.");
}
