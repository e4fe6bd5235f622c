using System.Net;

namespace Groundwork.Platform.Http;

/// <summary>Reads the host of a request's authority (<c>host:port</c>, <c>[::1]:port</c>). Pure.</summary>
public static class HostName
{
    /// <summary>The host alone; an IPv6 address without its brackets.</summary>
    public static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority)
    {
        if (authority.StartsWith('['))
            return authority.IndexOf(']') is var end and > 0 ? authority[1..end] : authority;
        return authority.IndexOf(':') is var colon and >= 0 ? authority[..colon] : authority;
    }

    /// <summary>Whether a host can only mean the machine of whoever says it: <c>localhost</c>, <c>*.localhost</c>, a loopback address.</summary>
    public static bool IsLoopback(ReadOnlySpan<char> host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}
