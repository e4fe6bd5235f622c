using System.Net;

namespace Groundwork.Platform.Http;

/// <summary>
/// Where HTTP is served, the control socket apart: the addresses that Kestrel is given, and once it listens those that it has
/// really bound. Safe for concurrent use.
/// </summary>
public sealed class HttpListeners
{
    private volatile IReadOnlyList<IPEndPoint> _endpoints;

    internal HttpListeners(IReadOnlyList<IPEndPoint> asked) => _endpoints = asked;

    /// <summary>Each address and port; the port is 0 until it is bound, where a spare one was asked for.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _endpoints;

    /// <summary>Whether all of them can be reached from this machine only. A wildcard cannot; nor can what isn't an address.</summary>
    public bool IsLoopbackOnly
    {
        get
        {
            foreach (var endpoint in _endpoints)
            {
                if (!IPAddress.IsLoopback(endpoint.Address))
                    return false;
            }

            return true;
        }
    }

    /// <summary>Takes the addresses as the server reports them: <c>http://127.0.0.1:8080</c>.</summary>
    internal void Bound(IEnumerable<Uri> addresses) => _endpoints =
    [
        .. addresses.Select(a => new IPEndPoint(IPAddress.TryParse(a.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any, a.Port)),
    ];
}
