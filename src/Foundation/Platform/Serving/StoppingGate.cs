using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Turns new requests away while the instance stops, so that their callers go elsewhere at once and their connections end.
/// Requests under way go on; long ones watch <see cref="IInstanceStatus.Stopping"/>. Probes are still answered.
/// </summary>
internal sealed class StoppingGate(RequestDelegate next, IInstanceStatus instance)
{
    public static readonly ProblemResult Refusal =
        Problem.Stopping.Result("This instance takes no new requests.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    // The token's source is gone once the instance is disposed; the token itself never is.
    private readonly CancellationToken _stopping = instance.Stopping;

    public Task InvokeAsync(HttpContext context)
    {
        if (!_stopping.IsCancellationRequested)
            return next(context);

        context.Response.Headers.Connection = "close";
        return context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            ? next(context)
            : Refusal.ExecuteAsync(context);
    }
}
