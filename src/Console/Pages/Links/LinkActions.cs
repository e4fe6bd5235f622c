using Groundwork.Console.Api;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Links;

/// <summary>What the forms of these pages do: each is one request to the API, and an answer that tells what became of it.</summary>
internal static class LinkActions
{
    public static async Task<IResult> MakeAsync(HttpContext http, IFormCollection form)
    {
        var wish = LinkWish.Of(form);
        var request = LinksApi.Make(wish.ToCreate());
        if (form["request"].ToString() is { Length: > 0 and <= 64 } key)
            request = request with { Headers = [new("idempotency-key", key)] };
        var answer = await SendAsync(http, request);
        if (!answer.IsDone)
        {
            var refused = Refusal.Of(answer);
            return PageRoutes.Page<LinksPage>("Links", new Dictionary<string, object?> { ["Wish"] = wish, ["Refused"] = refused }, refused.Status);
        }

        // What the link does not show of the request stays in the address, so that the page can show it as a command.
        return http.GoOn(QueryHelpers.AddQueryString("/_/links", new Dictionary<string, string?>
        {
            ["made"] = answer.Read<ShownLink>().Code,
            ["existing"] = answer.Status == StatusCodes.Status200OK ? "1" : null,
            ["alias"] = wish.Alias.Length > 0 ? "1" : null,
            ["ttl"] = wish.Ttl.Length > 0 ? wish.Ttl : null,
            ["dedupe"] = wish.Dedupe ? "1" : null,
        }.Where(p => p.Value is not null)));
    }

    public static async Task<IResult> PictureAsync(HttpContext http)
    {
        var code = Code(http);
        var answer = await SendAsync(http, LinksApi.Picture(code));
        if (!answer.IsDone)
            throw Refusal.Of(answer).AsPage();
        http.Response.Headers.CacheControl = answer.Header("cache-control");
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(
            answer.Answer.Body.ToArray(), "image/svg+xml", http.Request.Query.ContainsKey("download") ? $"{code}.svg" : null);
    }

    private static Task<ApiAnswer> SendAsync(HttpContext http, ApiRequest request) =>
        http.RequestServices.GetRequiredService<ConsoleApi>().SendAsync(new Viewer(http, ""), request);

    private static string Code(HttpContext http) => http.Request.RouteValues["code"]!.ToString()!;
}
