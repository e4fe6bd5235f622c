using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Modules;

/// <summary>A page for every module, made from what it says of itself.</summary>
internal sealed class ModulesArea : ConsoleArea
{
    public override string Title => "Modules";

    public override string Address => "/_/modules";

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("module", typeof(ModuleNow), ConsoleScopes.View, IsModule),
        new("module-counts", typeof(ModuleCounts), ConsoleScopes.View, IsModule),
    ];

    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage<ModulePage>("/_/modules/{name}", "Module").RequireScope(ConsoleScopes.View);

    private static bool IsModule(IServiceProvider services, string name) =>
        services.GetRequiredService<SiteMap>().Modules.Any(m => m.Name == name);
}
