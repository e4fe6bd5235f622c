using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.RateLimits.Api;
using Groundwork.RateLimits.Envoy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.RateLimits;

/// <summary>The contract of RateLimits, in one table: by HTTP, and by Envoy's protocol.</summary>
internal static class RateLimitsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var limits = routes.MapGroup("/v1/limits").WithTags("RateLimits");
        limits.MapGet("/", PolicyEndpoints.List)
            .WithSummary("List the policies in force, and what this copy has counted of each.")
            .Produces<Page<PolicyView>>()
            .RequireScope(RateLimitsScopes.Read);
        limits.MapGet("/{policy}", PolicyEndpoints.Read)
            .WithSummary("See a policy.")
            .Produces<PolicyView>()
            .RequireScope(RateLimitsScopes.Read);
        limits.MapGet("/{policy}/traffic", TrafficEndpoints.Read)
            .WithSummary("See what this copy has seen of a policy in the last minutes: what was allowed and refused, and who asks most.")
            .WithDescription(TrafficEndpoints.Description)
            .Produces<TrafficView>()
            .RequireScope(RateLimitsScopes.Read);
        limits.MapPost("/{policy}:whatif", TrafficEndpoints.WhatIf)
            .WithSummary("See what other limits would have done to the traffic that this copy has seen in the last minutes. Nothing is changed.")
            .WithDescription(TrafficEndpoints.WhatIfDescription)
            .Produces<WhatIfView>()
            .RequireScope(RateLimitsScopes.Read);
        limits.MapPost("/{policy}:take", TakeEndpoints.TakeAsync)
            .WithSummary("Take from a key's limits, all or none. It answers 200 whether it was allowed or not.")
            .WithDescription(TakeEndpoints.KeyDescription)
            .Produces<TakeView>()
            .RequireScope(RateLimitsScopes.Take);
        limits.MapPost("/{policy}:peek", TakeEndpoints.PeekAsync)
            .WithSummary("See what a take would give, without taking.")
            .WithDescription(TakeEndpoints.KeyDescription)
            .Produces<TakeView>()
            .RequireScope(RateLimitsScopes.Read);
        limits.MapPost("/{policy}:release", TakeEndpoints.ReleaseAsync)
            .WithSummary("Give back what a take of a concurrency limit holds.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(RateLimitsScopes.Take);
        limits.MapPost("/{policy}:reset", TakeEndpoints.ResetAsync)
            .WithSummary("Forget what was taken, so that the key is as if it had never asked.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(RateLimitsScopes.Write);
        routes.MapGrpcService<EnvoyRateLimits>().RequireScope(RateLimitsScopes.Take);
    }
}
