using System.Text.Json.Nodes;
using Groundwork.Console.Api;
using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Home;

/// <summary>The first page: the house drawn as it runs.</summary>
internal sealed class HomeArea : ConsoleArea
{
    /// <summary>Set once somebody has put the first steps away.</summary>
    public const string SeenCookie = "gw-seen";

    public override string Title => "House";

    public override string Address => "/_/";

    public override int? Order => 0;

    public override string Icon => Icons.Home;

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("instance", typeof(InstanceLine), ConsoleScopes.View),
        new("house", typeof(House), ConsoleScopes.View),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<HomePage>("/_/", "House").RequireScope(ConsoleScopes.View);
        routes.MapGet("/_/rooms/{name}", Enter).ExcludeFromDescription().RequireScope(ConsoleScopes.View);
        routes.MapAction("/_/first-steps/link", MakeLinkAsync).RequireScope(ConsoleScopes.View);
        routes.MapAction("/_/first-steps/seen", PutAwayAsync).RequireScope(ConsoleScopes.View);
    }

    public override IEnumerable<FirstStep> FirstSteps(IServiceProvider services) =>
    [
        new(
            "Make a short link", "One request to the API, as any client would send it.", "Make one", "/_/first-steps/link", "Links", ConsoleScopes.View,
            ExampleLink.Curl),
    ];

    /// <summary>The door of a room: the house is drawn without a viewer, and where a door leads depends on who comes.</summary>
    public static string RoomOf(Module module) => $"/_/rooms/{module.Name}";

    private static IResult Enter(string name, HttpContext http)
    {
        var map = http.RequestServices.GetRequiredService<SiteMap>();
        return map.Find(name) is { } module
            ? Results.LocalRedirect(map.AddressFor(new Viewer(http, ""), module))
            : Problem.NotFound.Result("No module of this name runs here. The house shows those that do.");
    }

    private static ApiRequest ExampleLink => ApiRequest.Post("/v1/urls", new JsonObject { ["long_url"] = "https://example.org/a/long/path" });

    private static async Task<IResult> MakeLinkAsync(HttpContext http, IFormCollection form)
    {
        var api = http.RequestServices.GetRequiredService<ConsoleApi>();
        var answer = await api.SendAsync(new Viewer(http, ""), ExampleLink);
        return http.GoOn("/_/", answer.IsDone && answer.ReadTree()?["short_url"]?.ToString() is { } address
            ? Notice.Done($"{address} now leads to https://example.org/a/long/path.")
            : Notice.Failed($"No link was made. {answer.Trouble}"));
    }

    private static Task<IResult> PutAwayAsync(HttpContext http, IFormCollection form)
    {
        http.Response.Cookies.Append(SeenCookie, "1", new CookieOptions
        {
            Path = "/_/",
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            MaxAge = TimeSpan.FromDays(365),
            IsEssential = true,
        });
        return Task.FromResult(http.GoOn("/_/"));
    }
}
