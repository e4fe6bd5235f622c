using Groundwork.Platform.Http;
using Groundwork.RateLimits.Envoy.Messages;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;
using Grpc.Core;

namespace Groundwork.RateLimits.Envoy;

/// <summary>
/// Envoy's rate limit service: asked before each request of Envoy's, or of whoever else speaks its protocol. Safe for concurrent use.
/// </summary>
/// <remarks>
/// All limits of a request are taken from together, all or none, as for requests of this server (<see cref="PolicyTaker"/>). Where nobody can count, a
/// policy that refuses then makes the call fail with UNAVAILABLE, so that Envoy's <c>failure_mode_deny</c> decides; else it is OK.
/// </remarks>
internal sealed class EnvoyRateLimits(PolicyBook book, PolicyTaker taker, LimitCounter counter)
{
    /// <summary>Whether a request is over a limit of its descriptors'.</summary>
    /// <exception cref="RpcException">It cannot be said: the request is wrong, or nobody can count.</exception>
    public async Task<RateLimitResponse> ShouldRateLimitAsync(RateLimitRequest request, CancellationToken cancellationToken)
    {
        var takes = DescriptorTakes.Of(book.Set, request);
        var verdict = PolicyTaker.Refuse(takes.Blocked);
        if (verdict == RequestVerdictKind.Allowed)
            verdict = await taker.TakeAsync(takes.Asked, cancellationToken);
        return verdict == RequestVerdictKind.Uncounted
            ? throw new RpcException(new Status(StatusCode.Unavailable, $"Limits cannot be counted just now. {counter.Failure}"))
            : DescriptorAnswers.Of(takes, verdict);
    }
}
