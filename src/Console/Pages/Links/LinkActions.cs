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

    public static async Task<IResult> ImportAsync(HttpContext http, IFormCollection form)
    {
        var list = form["list"].ToString();
        var (csv, rows) = PastedList.Read(list);
        if (rows.Count is 0 or > PastedList.MaxRows)
        {
            return Refused(rows.Count == 0
                ? "There is no row in it."
                : $"It has {rows.Count} rows; {PastedList.MaxRows} are taken at once here. The command below takes any number, from a file.");
        }

        var answer = await SendAsync(http, LinksApi.Import(csv));
        if (!answer.IsDone)
            return Refused(Refusal.Of(answer).Detail);

        // Without going on elsewhere: what became of each row is nowhere but in this answer, and to send the form again makes nothing twice.
        return Page(StatusCodes.Status200OK, ("Report", ImportReport.Of(answer, rows)));

        IResult Refused(string why) => Page(StatusCodes.Status400BadRequest, ("Error", why));

        IResult Page(int status, (string Name, object Value) more) => PageRoutes.Page<ImportPage>(
            "Paste a list", new Dictionary<string, object?> { ["List"] = list, [more.Name] = more.Value }, status);
    }

    public static async Task<IResult> EditAsync(HttpContext http, IFormCollection form)
    {
        var code = Code(http);
        var wish = LinkWish.Of(form);
        var seen = await SendAsync(http, LinksApi.See(code));
        if (!seen.IsDone)
            throw Refusal.Of(seen).AsPage();
        var patch = wish.ToPatch(LinkWish.Of(seen.Read<ShownLink>()));
        if (patch.Count == 0)
            return http.GoOn(ShownLink.AddressOf(code), Notice.Done("It is so already."));

        // With the tag of what the form was filled from: whatever was changed since, the API refuses, and the page shows both.
        var answer = await SendAsync(http, LinksApi.Change(code, patch, form["etag"].ToString()));
        if (answer.IsDone)
            return http.GoOn(ShownLink.AddressOf(code), Notice.Done("It is saved, and holds at once."));
        var refused = Refusal.Of(answer);
        return PageRoutes.Page<LinkPage>("Link", new Dictionary<string, object?> { ["Wish"] = wish, ["Refused"] = refused }, refused.Status);
    }

    public static async Task<IResult> SwitchAsync(HttpContext http, IFormCollection form)
    {
        var code = Code(http);
        var on = form["on"].ToString().Length > 0;
        var answer = await SendAsync(http, LinksApi.Switch(code, on));
        return http.GoOn(ShownLink.AddressOf(code), !answer.IsDone ? Notice.Failed($"Nothing was done. {answer.Trouble}")
            : form["undo"].ToString().Length > 0 ? Notice.Done("Undone: it leads there again, as before.")
            : Notice.Done(on ? "It is switched on, and leads there again." : "It is switched off."));
    }

    /// <summary>
    /// Deletes in two steps, since the API's delete is for good: the first switches off, which can be undone and holds in every
    /// copy, whatever becomes of this one; the second, with the tag of what was shown, deletes.
    /// </summary>
    public static async Task<IResult> DeleteAsync(HttpContext http, IFormCollection form)
    {
        var code = Code(http);
        if (form["etag"].ToString() is { Length: > 0 } etag)
        {
            var deleted = await SendAsync(http, LinksApi.Delete(code, etag));
            return deleted.IsDone
                ? http.GoOn("/_/links", Notice.Done($"{code} is deleted. Its code is never used again."))
                : http.GoOn(ShownLink.AddressOf(code), Notice.Failed(deleted.Status == StatusCodes.Status412PreconditionFailed
                    ? "It was not deleted: somebody changed it meanwhile. This is how it is now."
                    : $"It was not deleted. {deleted.Trouble}"));
        }

        var was = form["was"].ToString() == "disabled" ? "disabled" : "live";
        var answer = await SendAsync(http, LinksApi.Switch(code, on: false));
        return answer.IsDone
            ? http.GoOn($"{ShownLink.AddressOf(code)}?deleted={was}")
            : http.GoOn(ShownLink.AddressOf(code), Notice.Failed($"Nothing was done. {answer.Trouble}"));
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
