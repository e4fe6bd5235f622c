using System.Globalization;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Serving;

/// <summary>Asks the limiter before an endpoint runs. Only in the pipeline where there is one.</summary>
internal sealed class LimiterMiddleware(RequestDelegate next, IRequestLimiter limiter)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint() is { } endpoint && limiter.Limits(endpoint) ? LimitAsync(endpoint, context) : next(context);

    private async Task LimitAsync(Endpoint endpoint, HttpContext context)
    {
        var verdict = await limiter.AskAsync(new LimitedRequest(endpoint, context, context.Connection.RemoteIpAddress), context.RequestAborted);
        if (verdict.Kind != RequestVerdictKind.Allowed)
        {
            await Refusal(verdict).ExecuteAsync(context);
            return;
        }

        foreach (var (name, value) in verdict.Headers)
            context.Response.Headers[name] = value;
        await next(context);
    }

    private static ProblemResult Refusal(RequestVerdict verdict)
    {
        var wait = Math.Max(1, Math.Ceiling(verdict.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var problem = verdict.Kind == RequestVerdictKind.Refused
            ? Problem.TooManyRequests.Result($"A limit is used up; ask again in {wait} s.")
            : Problem.Unavailable.Result($"Requests cannot be counted just now, and none may go on uncounted; ask again in {wait} s.");
        return problem with { RetryAfter = verdict.RetryAfter, Headers = verdict.Headers };
    }
}
