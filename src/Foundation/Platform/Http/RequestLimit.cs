using Microsoft.AspNetCore.Builder;

namespace Groundwork.Platform.Http;

/// <summary>What an endpoint says of its limits, as metadata.</summary>
/// <param name="Policy">The policy that it is under whatever its route; null for those of its route only. Where there is no policy of that name, it is not
/// limited by it.</param>
/// <param name="Cost">What a request costs, in permits; null for what the policy says.</param>
public sealed record RequestLimit(string? Policy, long? Cost);

/// <summary>How endpoints say it.</summary>
public static class RequestLimitExtensions
{
    /// <summary>Puts an endpoint under a policy.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="policy">The policy's name; null to say a cost only.</param>
    /// <param name="cost">What a request costs; null for what the policy says.</param>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, string? policy, long? cost = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestLimit(policy, cost));
}
