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

    // Stands behind the name of a policy where a caller's own limits are counted in place of the policy's; no name has it.
    private const string OwnLimits = "=";

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

    /// <summary>The key of several parts that somebody names: <c>|</c> between them, and in a part <c>|</c> as %7C, <c>%</c> as %25.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="parts">What tells the caller apart from others; none where all share.</param>
    /// <param name="hasOwnLimits">Whether limits of the caller's are counted in place of the policy's.</param>
    public static byte[] Of(Policy policy, ReadOnlySpan<string> parts, bool hasOwnLimits)
    {
        var text = parts.IsEmpty ? "" : Escape(parts[0]);
        for (var i = 1; i < parts.Length; i++)
            text = text + Between + Escape(parts[i]);
        return Of(hasOwnLimits ? policy.Name + OwnLimits : policy.Name, text);
    }

    /// <summary>The key of what somebody calls the caller: of one part as it is, of several with <c>|</c> between them.</summary>
    /// <remarks>Longer ones than a store takes are known by their hash.</remarks>
    public static byte[] Of(Policy policy, string key) => Of(policy.Name, key);

    /// <summary>An address as it is counted: of IPv6 the /64, of which one customer has all.</summary>
    public static string Address(IPAddress? address)
    {
        if (address is null)
            return "none";
        var counted = CallerAddress.Of(address);
        return counted.AddressFamily == AddressFamily.InterNetworkV6 ? counted + "/64" : counted.ToString();
    }

    private static byte[] Of(string name, string key)
    {
        var bytes = Encoding.UTF8.GetBytes($"{name}:{key}");
        return bytes.Length <= LimitStoreLimits.MaxKeyBytes
            ? bytes
            : Encoding.UTF8.GetBytes($"{name}:sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
    }

    private static string Part(KeyPart part, in LimitedRequest request) => Escape(part.Kind switch
    {
        KeyPartKind.Caller => request.Context.GetPrincipal()?.Id ?? Address(request.Address),
        KeyPartKind.Address => Address(request.Address),
        KeyPartKind.Route => (request.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "",
        _ => request.Context.Request.Headers[part.Header].ToString(),
    });

    private static string Escape(string part) => part.AsSpan().ContainsAny(Between, Mark)
        ? part.Replace("%", "%25", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal)
        : part;
}
