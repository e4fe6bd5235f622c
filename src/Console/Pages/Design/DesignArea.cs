using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Design;

/// <summary>Every component and how numbers are written, in one place to look at.</summary>
internal sealed class DesignArea : ConsoleArea
{
    public override string Title => "Design";

    public override string Address => "/_/design";

    public override int? Order => 90;

    public override string Icon => Icons.Design;

    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage<DesignPage>("/_/design", "Design").RequireScope(ConsoleScopes.View);
}
