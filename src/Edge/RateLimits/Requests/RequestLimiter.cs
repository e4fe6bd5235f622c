using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.RateLimits.Policies;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Requests;

/// <summary>Limits requests by the policies of their endpoints. Safe for concurrent use.</summary>
internal sealed class RequestLimiter(PolicyBook book, PolicyTaker taker, LimitCounter counter, TimeProvider time) : IRequestLimiter
{
    private static readonly TimeSpan WhileDown = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Limits(Endpoint endpoint) => book.Set.Of(endpoint).Length > 0;

    /// <inheritdoc/>
    public ValueTask<RequestVerdict> AskAsync(LimitedRequest request, CancellationToken cancellationToken)
    {
        var policies = book.Set.Of(request.Endpoint);
        return policies.Length == 0 ? new(RequestVerdict.Allowed) : LimitAsync(policies, request, cancellationToken);
    }

    private async ValueTask<RequestVerdict> LimitAsync(Policy[] policies, LimitedRequest request, CancellationToken cancellationToken)
    {
        var asked = Of(policies, request);
        var verdict = await taker.TakeAsync(asked, cancellationToken);

        // What is held while a request is at work is given back when it has been answered.
        foreach (var held in asked.Held)
            request.Context.Response.RegisterForDisposeAsync(new Held(counter, held));

        switch (verdict)
        {
            case RequestVerdictKind.Refused:
                return RequestVerdict.Refused(TimeSpan.FromMicroseconds(asked.RetryAfter), LimitHeaders.Of(asked));
            case RequestVerdictKind.Uncounted:
                return RequestVerdict.Uncounted(WhileDown);
            default:
                if (asked.Delay is > 0 and var delay)
                    await Task.Delay(TimeSpan.FromMicroseconds(delay), time, cancellationToken);
                return RequestVerdict.Allowed with { Headers = LimitHeaders.Of(asked) };
        }
    }

    private static PolicyTakes Of(Policy[] policies, in LimitedRequest request)
    {
        var asked = new PolicyTakes();
        var ownCost = request.Endpoint.Metadata.GetMetadata<RequestLimit>()?.Cost;
        foreach (var policy in policies)
        {
            var cost = ownCost ?? policy.Cost;
            if (cost > 0 && policy.Routes.Has(request.Context.Request.Method)
                && !policy.Exempt.Has(request.Address, request.Context.GetPrincipal()?.Id))
            {
                asked.Add(policy, KeyReader.Read(policy, request), cost);
            }
        }

        return asked;
    }

    private sealed class Held(LimitCounter counter, LimitTake take) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await counter.ExitAsync(take, CancellationToken.None);
    }
}
