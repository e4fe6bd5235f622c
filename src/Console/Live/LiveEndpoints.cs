using System.Text.Json;
using Groundwork.Platform;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Live;

/// <summary>
/// Live regions for the console's script: <c>/_/live?r=instance&amp;r=module:Links</c> as server-sent events, and
/// <c>/_/live/now</c> as JSON for those for whom there is no room.
/// </summary>
/// <remarks>
/// A stream ends after <see cref="MaxStream"/> and the script opens it again, so that whoever may not look any more sees
/// nothing after that time.
/// </remarks>
internal static class LiveEndpoints
{
    public static readonly TimeSpan MaxStream = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        // How long somebody looked is not how long they waited: it is left out of the times of requests.
        routes.MapGet("/_/live", StreamAsync).DisableHttpMetrics().ExcludeFromDescription().RequireScope(ConsoleScopes.View);
        routes.MapGet("/_/live/now", NowAsync).ExcludeFromDescription().RequireScope(ConsoleScopes.View);
    }

    private static async Task<IResult> NowAsync(HttpContext http, LiveHub hub)
    {
        if (Refusal(http, hub, out var keys) is { } refused)
            return refused;
        var regions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys)
            regions[key] = await hub.LatestAsync(key);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(regions, LiveEvent.Plain);
    }

    private static async Task StreamAsync(HttpContext http, LiveHub hub, IInstanceStatus instance, TimeProvider time)
    {
        if (Refusal(http, hub, out var keys) is { } refused)
        {
            await refused.ExecuteAsync(http);
            return;
        }

        using var viewer = hub.Join(keys);
        if (viewer is null)
        {
            await (Problem.TooManyRequests.Result($"{LiveHub.MaxViewers} pages are live already; this one asks from time to time.") with
            {
                RetryAfter = TimeSpan.FromSeconds(30),
            }).ExecuteAsync(http);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, instance.Stopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var began = time.GetTimestamp();
        try
        {
            await http.Response.Body.WriteAsync(
                LiveEvent.Write("hello", JsonSerializer.Serialize(ProgramVersion.Number + "+" + ProgramVersion.Commit)), end.Token);
            while (time.GetElapsedTime(began) < MaxStream)
            {
                var regions = await viewer.TakeAsync(Heartbeat, time, end.Token);
                if (regions.Count == 0)
                    await http.Response.WriteAsync(":\n\n", end.Token);
                foreach (var region in regions)
                    await http.Response.Body.WriteAsync(region.Bytes, end.Token);
                await http.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The viewer has gone, or the instance goes: the stream is at its end.
        }
    }

    private static IResult? Refusal(HttpContext http, LiveHub hub, out IReadOnlyList<string> keys)
    {
        keys = [.. http.Request.Query["r"].OfType<string>().Distinct(StringComparer.Ordinal)];
        if (keys.Count is 0 or > LiveHub.MaxRegions)
            return Problem.InvalidRequest.With($"r names a live region, 1 to {LiveHub.MaxRegions} times.");
        foreach (var key in keys)
        {
            if (hub.Find(http.RequestServices, key) is not { } region)
                return Problem.NotFound.With("There is no such live region.");
            if (!http.GetPrincipal()!.Scopes.Covers(region.Scope.Name))
                return Problem.NotFound.With("There is no such live region for this viewer.");
        }

        return null;
    }
}
