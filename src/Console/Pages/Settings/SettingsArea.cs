using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Settings;

/// <summary>The settings in force.</summary>
internal sealed class SettingsArea : ConsoleArea
{
    public override string Title => "Settings";

    public override string Address => "/_/settings";

    public override int? Order => 40;

    public override string Icon => Icons.Settings;

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) => [new("Settings that somebody set", "page", "/_/settings?set=on")];

    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage<SettingsPage>("/_/settings", "Settings").RequireScope(ConsoleScopes.View);
}
