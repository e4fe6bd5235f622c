using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.RateLimits.Policies;

/// <summary>
/// Which endpoints a policy is for: by their routes as <c>/docs</c> shows them (<c>/v1/urls/{code}</c>), or by how these begin (<c>/v1/*</c>); and by
/// methods. Immutable.
/// </summary>
/// <param name="Routes">Null for every endpoint but those by which the house is watched; empty for those only that name the policy themselves.</param>
/// <param name="Methods">Null for all.</param>
internal sealed record RouteFilter(IReadOnlyList<string>? Routes, IReadOnlyList<string>? Methods)
{
    private static readonly string[] Watching = ["/health", "/metrics"];

    /// <summary>Whether another is for the same endpoints and methods, written the same.</summary>
    public bool Equals(RouteFilter? other) => other is not null && Same(Routes, other.Routes) && Same(Methods, other.Methods);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Routes?.Count, Methods?.Count);

    /// <summary>Whether an endpoint is among them.</summary>
    public bool Has(Endpoint endpoint, string policy)
    {
        if (endpoint.Metadata.GetMetadata<RequestLimit>() is { Policy: { } named } && named == policy)
            return true;
        if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } raw })
            return false;
        var route = "/" + raw.Trim('/');
        return Routes is null ? !Array.Exists(Watching, w => Begins(route, w)) : Routes.Any(r => Matches(r, route));
    }

    /// <summary>Whether a method is among them; who may GET may ask for the head.</summary>
    public bool Has(string method) =>
        Methods is null || Methods.Any(m => m.Equals(method, StringComparison.OrdinalIgnoreCase) || (m == "GET" && HttpMethods.IsHead(method)));

    private static bool Same(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        one is null || other is null ? one is null && other is null : one.SequenceEqual(other);

    private static bool Matches(string filter, string route) =>
        filter.EndsWith('*') ? route.StartsWith(filter[..^1], StringComparison.OrdinalIgnoreCase) : route.Equals(filter, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string route, string with) => route.Equals(with, StringComparison.Ordinal) || route.StartsWith(with + "/", StringComparison.Ordinal);
}
