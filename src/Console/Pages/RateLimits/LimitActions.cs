using Groundwork.Console.Api;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>What the forms of these pages do.</summary>
internal static class LimitActions
{
    public static async Task<IResult> ResetAsync(HttpContext http, IFormCollection form)
    {
        var (policy, key) = (http.Request.RouteValues["policy"]!.ToString()!, form["key"].ToString());
        var answer = await http.RequestServices.GetRequiredService<ConsoleApi>().SendAsync(new Viewer(http, ""), LimitsApi.Reset(policy, key));
        return answer.IsDone
            ? http.GoOn(PolicyName.AddressOf(policy, key), Notice.Done("It is as if this key had never asked."))
            : http.GoOn(PolicyName.AddressOf(policy, key), Notice.Failed($"Nothing was reset. {answer.Trouble}"));
    }
}
