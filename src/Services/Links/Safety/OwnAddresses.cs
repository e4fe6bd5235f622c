using System.Net;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;

namespace Groundwork.Links;

/// <summary>
/// Which addresses are this server's own, so that no link leads back to it and around for ever: those of <c>Links:BaseUrl</c> and
/// <c>Http:AllowedHosts</c>, those it listens on, and the one that the request came to. Safe for concurrent use.
/// </summary>
/// <remarks>
/// By name and port only; what a name resolves to is not looked up, since it may be anything a moment later. A proxy in front may
/// listen on another port than the program does, so the default ports count as its own too.
/// </remarks>
internal sealed class OwnAddresses(LinksOptions options, SettingValues settings, HttpListeners listeners)
{
    private readonly IReadOnlyList<string> _names = settings.Get(HttpOptions.AllowedHosts);

    /// <summary>Whether an address is one of them.</summary>
    /// <param name="host">Its host, as <see cref="WebHost"/> gives it.</param>
    /// <param name="port">Its port.</param>
    /// <param name="authority">The authority of the request: host, and port where it is not the default.</param>
    public bool Contain(string host, int port, string? authority)
    {
        if (options.BaseUrl is { } root && Same(host, root.IdnHost) && port == root.Port)
            return true;
        if (!IsOwnPort(port))
            return false;
        if (authority is not null && Same(host, HostName.WithoutPort(authority)))
            return true;
        foreach (var name in _names)
        {
            if (name.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase) : Same(host, name))
                return true;
        }

        var bare = host.Trim('[', ']');
        return IPAddress.TryParse(bare, out var ip)
            ? listeners.Endpoints.Any(e => e.Port == port && (e.Address.Equals(ip) || (IPAddress.IsLoopback(ip) && IsReachedByLoopback(e.Address))))
            : HostName.IsLoopback(bare) && listeners.Endpoints.Any(e => e.Port == port);
    }

    private bool IsOwnPort(int port) => port is 80 or 443 || listeners.Endpoints.Any(e => e.Port == port);

    private static bool IsReachedByLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool Same(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        one.Trim("[]").Equals(other.Trim("[]").TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
