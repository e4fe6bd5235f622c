using Groundwork.Console.Api;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Cache;

/// <summary>What the forms of these pages do.</summary>
internal static class KeyActions
{
    public static async Task<IResult> RemoveAsync(HttpContext http, IFormCollection form)
    {
        var space = http.Request.RouteValues["space"]!.ToString()!;
        if (KeyName.Of(space, form["key"].ToString(), form["key64"].ToString(), form["database"].ToString()) is not { } key)
            return http.GoOn(SpaceName.AddressOf(space), Notice.Failed("Nothing was removed: the form names no key."));
        var answer = await http.RequestServices.GetRequiredService<ConsoleApi>()
            .SendAsync(new Viewer(http, ""), CacheApi.Remove(key, form["etag"].ToString()));
        return answer.Status switch
        {
            StatusCodes.Status204NoContent => http.GoOn(SpaceName.AddressOf(space), Notice.Done($"{key.Label} is removed.")),
            StatusCodes.Status404NotFound => http.GoOn(SpaceName.AddressOf(space), Notice.Done($"{key.Label} was gone already.")),
            StatusCodes.Status412PreconditionFailed => http.GoOn(key.Address, Notice.Failed("It was not removed: somebody changed it meanwhile. This is how it is now.")),
            _ => http.GoOn(key.Address, Notice.Failed($"It was not removed. {answer.Trouble}")),
        };
    }
}
