using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Sessions;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.SignIn;

/// <summary>The page on which people sign in, where the server can be reached from other machines.</summary>
internal sealed class SignInArea : ConsoleArea
{
    public override string Title => "Sign in";

    public override string Address => SessionRoutes.SignIn;

    public override Scope? Scope => null;

    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage<SignInPage>(SessionRoutes.SignIn, "Sign in").Public("Who signs in has no credential yet.");
}
