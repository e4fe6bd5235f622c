using Groundwork.Console.Api;
using Groundwork.Console.Assets;
using Groundwork.Console.Benchmarks;
using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Http;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console;

/// <summary>The pages on which one sees the house at work, and works on it. Owns every address below <c>/_/</c>.</summary>
public sealed class ConsoleModule : Module, IRoutedModule, IFrontPage
{
    private readonly IReadOnlyList<ConsoleArea> _areas = ConsoleAreas.Create();
    private LiveHub? _live;

    /// <inheritdoc/>
    public override string Name => "Console";

    /// <inheritdoc/>
    public override string Summary => "The pages on which one sees the house at work.";

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Edge;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => ConsoleScopes.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks => ConsoleBenchmarks.All;

    /// <inheritdoc/>
    public string Address => "/_/";

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(_areas);
        services.AddSingleton<IReadOnlyList<LiveRegion>>([.. _areas.SelectMany(a => a.Regions)]);
        services.AddSingleton<SiteMap>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<IProblemPages, ProblemPages>();
        services.AddSingleton<ConsoleApi>();
        services.AddSingleton<LiveHub>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        ConsoleAssets.Map(routes);
        FindRoutes.Map(routes);
        LiveEndpoints.Map(routes);
        foreach (var area in _areas)
            area.Map(routes);
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _live = services.GetRequiredService<LiveHub>();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken) => _live?.StopAsync() ?? Task.CompletedTask;
}
