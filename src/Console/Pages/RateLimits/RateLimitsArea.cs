using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>The pages of RateLimits: the policies with what they allow and refuse, who asks most, and what other limits would have done.</summary>
internal sealed class RateLimitsArea : ConsoleArea
{
    public override string Title => "Rate limits";

    public override string Address => "/_/limits";

    public override Scope Scope => LimitsApi.Read;

    public override string Module => "RateLimits";

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
    [
        new("Policies of rate limits", "page", "/_/limits", "throttle, quota, who is refused, what-if"),
    ];

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("limits", typeof(LimitsNow), LimitsApi.Read),
        new("limits-policy", typeof(PolicyNow), LimitsApi.Read, (_, name) => PolicyName.Is(name)),
        new("limits-keys", typeof(KeysNow), LimitsApi.Read, (_, name) => PolicyName.Is(name)),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<LimitsPage>("/_/limits", "Rate limits").RequireScope(LimitsApi.Read);
        routes.MapPage<PolicyPage>("/_/limits/{policy}", "Policy").RequireScope(LimitsApi.Read);
        routes.MapPage<LimitedKeyPage>("/_/limits/{policy}/key", "Key").RequireScope(LimitsApi.Read);
        routes.MapAction("/_/limits/{policy}/key/reset", LimitActions.ResetAsync).RequireScope(LimitsApi.Write);
    }
}
