using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.RateLimits.Policies;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.RateLimits.Requests;

/// <summary>Who is counted: the policy's name and what tells callers apart, as the bytes by which a store knows them.</summary>
internal static class KeyReader
{
    // What stands between parts, and what marks one that stands in a part.
    private const char Between = '|';
    private const char Mark = '%';

    /// <summary>The key of a request.</summary>
    public static byte[] Read(Policy policy, in LimitedRequest request)
    {
        var parts = policy.By;
        if (parts.Count == 0)
            return Of(policy, "");
        var text = Part(parts[0], request);
        for (var i = 1; i < parts.Count; i++)
            text = text + Between + Part(parts[i], request);
        return Of(policy, text);
    }

    /// <summary>The key of what somebody calls the caller: of one part as it is, of several with <c>|</c> between them.</summary>
    /// <remarks>Longer ones than a store takes are known by their hash.</remarks>
    public static byte[] Of(Policy policy, string key)
    {
        var text = $"{policy.Name}:{key}";
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= LimitStoreLimits.MaxKeyBytes
            ? bytes
            : Encoding.UTF8.GetBytes($"{policy.Name}:sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
    }

    /// <summary>An address as it is counted: of IPv6 the /64, of which one customer has all.</summary>
    public static string Address(IPAddress? address)
    {
        if (address is null)
            return "none";
        var counted = CallerAddress.Of(address);
        return counted.AddressFamily == AddressFamily.InterNetworkV6 ? counted + "/64" : counted.ToString();
    }

    private static string Part(KeyPart part, in LimitedRequest request)
    {
        var text = part.Kind switch
        {
            KeyPartKind.Caller => request.Context.GetPrincipal()?.Id ?? Address(request.Address),
            KeyPartKind.Address => Address(request.Address),
            KeyPartKind.Route => (request.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "",
            _ => request.Context.Request.Headers[part.Header].ToString(),
        };
        return text.AsSpan().ContainsAny(Between, Mark)
            ? text.Replace("%", "%25", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal)
            : text;
    }
}
