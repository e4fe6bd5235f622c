using Groundwork.Console.Api;
using Groundwork.Console.Shell;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Broker;

/// <summary>What the forms of groups do.</summary>
internal static class GroupActions
{
    public static async Task<IResult> ResetAsync(HttpContext http, IFormCollection form)
    {
        var wish = ResetWish.Of(form);
        if (wish.Group.Length == 0)
            return http.GoOn("/_/broker/groups", Notice.Failed("Nothing was reset: the form names no group."));

        // With the tag of what was shown: whatever the group has committed since is not thrown away unseen.
        var answer = await SendAsync(http, BrokerApi.Reset(wish.Group, wish.ToBody(), form["etag"].ToString()));
        return answer.Status switch
        {
            StatusCodes.Status200OK => http.GoOn(BrokerNames.GroupAddress(wish.Group), Notice.Done("It is reset: whoever reads in this group next goes on there.")),
            StatusCodes.Status412PreconditionFailed => http.GoOn(wish.Address, Notice.Failed("Nothing was reset: the group has committed something meanwhile. This is what a reset would do now.")),
            _ => http.GoOn(wish.Address, Notice.Failed($"Nothing was reset. {answer.Trouble}")),
        };
    }

    public static async Task<IResult> DeleteAsync(HttpContext http, IFormCollection form)
    {
        var group = form["name"].ToString();
        if (group.Length == 0)
            return http.GoOn("/_/broker/groups", Notice.Failed("Nothing was deleted: the form names no group."));
        var answer = await SendAsync(http, BrokerApi.DeleteGroup(group, form["etag"].ToString()));
        return answer.IsDone
            ? http.GoOn("/_/broker/groups", Notice.Done($"{group} is deleted."))
            : http.GoOn(BrokerNames.GroupAddress(group), Notice.Failed($"Nothing was deleted. {answer.Trouble}"));
    }

    private static Task<ApiAnswer> SendAsync(HttpContext http, ApiRequest request) =>
        http.RequestServices.GetRequiredService<ConsoleApi>().SendAsync(new Viewer(http, ""), request);
}
