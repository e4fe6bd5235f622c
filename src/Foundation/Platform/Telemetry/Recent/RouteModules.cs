using System.Collections.Frozen;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Telemetry.Recent;

/// <summary>
/// Which module a route belongs to: the pipeline tags every module's routes with its name. Immutable; made once all routes
/// are mapped.
/// </summary>
internal sealed class RouteModules
{
    private readonly FrozenDictionary<string, string> _modules;

    public RouteModules(IEnumerable<Endpoint> endpoints, IReadOnlyList<Module> modules)
    {
        var names = modules.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var tags = endpoint.Metadata.GetOrderedMetadata<ITagsMetadata>().SelectMany(m => m.Tags);
            if (endpoint.RoutePattern.RawText is { } route && tags.FirstOrDefault(names.Contains) is { } module)
                found.TryAdd(route, module);
        }

        _modules = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether a route is the console's, whose own requests are not what it is to show.</summary>
    public static bool IsConsole(string route) => route.StartsWith("/_/", StringComparison.Ordinal);

    /// <summary>A route's module; null where it has none.</summary>
    public string? Of(string route) => _modules.GetValueOrDefault(route);
}
