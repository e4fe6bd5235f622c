using System.Globalization;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Keys;

/// <summary>API keys: see, make, rotate and revoke them. A secret is shown in the answer to the form that made it, and never again.</summary>
internal sealed class KeysArea : ConsoleArea
{
    public override string Title => "Keys";

    public override string Address => "/_/keys";

    public override Ports.Modules.Scope Scope => AccessScopes.Manage;

    public override int? Order => 50;

    public override string Icon => Icons.Keys;

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) => [new("Make a key", "action", "/_/keys#make", "API key, credential, scope")];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<KeysPage>("/_/keys", "Keys").RequireScope(AccessScopes.Manage);
        routes.MapAction("/_/keys", MakeAsync).RequireScope(AccessScopes.Manage);
        routes.MapAction("/_/keys/{id}/rotate", RotateAsync).RequireScope(AccessScopes.Manage);
        routes.MapAction("/_/keys/{id}/revoke", RevokeAsync).RequireScope(AccessScopes.Manage);
    }

    private static async Task<IResult> MakeAsync(HttpContext http, IFormCollection form)
    {
        var days = form["days"].ToString();
        double? life = double.TryParse(days, CultureInfo.InvariantCulture, out var number) ? number * 86_400 : null;
        var wish = new MakeKey(form["name"].ToString().Trim(), [.. form["scope"]], life);
        return Answer(await Keys(http).MakeAsync(http.GetPrincipal()!, wish, http.RequestAborted), wish);
    }

    private static async Task<IResult> RotateAsync(HttpContext http, IFormCollection form)
    {
        var grace = double.TryParse(form["grace"].ToString(), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        return Answer(await Keys(http).RotateAsync(http.GetPrincipal()!, Id(http), new RotateKey(grace), http.RequestAborted), null);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, IFormCollection form)
    {
        var answer = await Keys(http).RevokeAsync(Id(http), http.RequestAborted);
        return http.GoOn("/_/keys", answer.Problem is { } problem
            ? Notice.Failed(problem.Detail)
            : Notice.Done($"The key '{answer.Key!.Name}' is revoked: nobody gets in with it any more."));
    }

    private static IResult Answer(KeyAnswer answer, MakeKey? wish) => PageRoutes.Page<KeysPage>(
        "Keys",
        new Dictionary<string, object?> { ["Fresh"] = answer.Key, ["Refused"] = answer.Problem, ["Wish"] = wish },
        answer.Problem?.Kind.Status ?? StatusCodes.Status200OK);

    private static KeyManagement Keys(HttpContext http) => http.RequestServices.GetRequiredService<KeyManagement>();

    private static string Id(HttpContext http) => http.Request.RouteValues["id"]!.ToString()!;
}
