using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Caching.Api;

/// <summary>Serves what the embedded cache holds by HTTP.</summary>
public sealed class CacheApiModule : Module, IRoutedModule
{
    /// <inheritdoc/>
    public override string Name => "CacheApi";

    /// <inheritdoc/>
    public override string Summary => "The embedded cache by HTTP: its keys, and what is counted.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Foundation;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => CacheScopes.All;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => CacheEndpoints.Map(routes);
}
