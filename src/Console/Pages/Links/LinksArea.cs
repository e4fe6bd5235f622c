using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Links;

/// <summary>The pages of Links: make, find, see, change and delete links, paste lists of them, watch who follows them.</summary>
internal sealed class LinksArea : ConsoleArea
{
    public override string Title => "Links";

    public override string Address => "/_/links";

    public override Scope Scope => LinksApi.Read;

    public override string Module => "Links";

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
    [
        new("Make a short link", "action", "/_/links#make", "shorten a URL, QR code"),
        new("Paste a list of links", "action", "/_/links/:import", "import CSV, many URLs"),
        new("Links with these words", "search", "/_/links?q={words}", "in the code, the title or the address"),
        new("Links that are switched off", "page", "/_/links?state=disabled"),
        new("Links that have expired", "page", "/_/links?state=expired"),
    ];

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("clicks", typeof(LinkClicks), LinksApi.Read, (_, argument) => ClickRegion.Takes(argument)),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<LinksPage>("/_/links", "Links").RequireScope(LinksApi.Read);
        routes.MapAction("/_/links", LinkActions.MakeAsync).RequireScope(LinksApi.Write);
        // A code never has a colon in it, so no link is hidden by this page.
        routes.MapPage<ImportPage>("/_/links/:import", "Paste a list").RequireScope(LinksApi.Write);
        routes.MapAction("/_/links/:import", LinkActions.ImportAsync).RequireScope(LinksApi.Write);
        routes.MapPage<LinkPage>("/_/links/{code}", "Link").RequireScope(LinksApi.Read);
        routes.MapAction("/_/links/{code}", LinkActions.EditAsync).RequireScope(LinksApi.Write);
        routes.MapAction("/_/links/{code}/switch", LinkActions.SwitchAsync).RequireScope(LinksApi.Write);
        routes.MapAction("/_/links/{code}/delete", LinkActions.DeleteAsync).RequireScope(LinksApi.Write);
        routes.MapGet("/_/links/{code}/qr.svg", (Func<HttpContext, Task<IResult>>)LinkActions.PictureAsync).ExcludeFromDescription().RequireScope(LinksApi.Read);
    }
}
