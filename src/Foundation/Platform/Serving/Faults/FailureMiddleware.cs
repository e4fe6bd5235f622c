using System.Diagnostics;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Http;
using Groundwork.Ports.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Turns whatever goes wrong behind it into a problem that the caller can act on.
/// </summary>
/// <remarks>
/// <para>What may come out of the pipeline, in the order in which it is looked at:</para>
/// <list type="number">
/// <item>an error status without a body (routing's 404, 405 and 415): the problem of that status;</item>
/// <item>the caller has gone: nothing is sent and nothing is logged;</item>
/// <item>a problem thrown from where none can be returned;</item>
/// <item>a request that could not be read: <see cref="RequestFault"/> says which part of it;</item>
/// <item>a port that does not serve just now: 503 or 507;</item>
/// <item>anything else is a fault of ours: one entry in the log, and 500 with the id to find it by.</item>
/// </list>
/// <para>A response that has begun cannot be mended: its connection is cut, so that nobody takes half an answer for a whole
/// one. Safe for concurrent use. A request without trouble costs one check.</para>
/// </remarks>
internal sealed class FailureMiddleware(RequestDelegate next, IInstanceStatus instance, ILogger<FailureMiddleware> logger)
{
    // nginx's number for a client that closed the connection first; it is only ever seen in metrics.
    private const int ClientClosedRequest = 499;

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context)
    {
        Task task;
        try
        {
            task = next(context);
        }
        catch (Exception e)
        {
            return FailAsync(context, e);
        }

        return task.IsCompletedSuccessfully ? ExplainStatusAsync(context) : AwaitAsync(context, task);
    }

    private async Task AwaitAsync(HttpContext context, Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
            return;
        }

        await ExplainStatusAsync(context);
    }

    // 1
    private static Task ExplainStatusAsync(HttpContext context)
    {
        Describe(context, context.Response.StatusCode);
        var response = context.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength is not null || response.ContentType is not null)
            return Task.CompletedTask;
        return OfStatus(context, response.StatusCode).ExecuteAsync(context);
    }

    private async Task FailAsync(HttpContext context, Exception failure)
    {
        // 2
        var response = context.Response;
        if (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            Describe(context, ClientClosedRequest);
            if (!response.HasStarted)
                response.StatusCode = ClientClosedRequest;
            return;
        }

        var problem = Explain(context, failure);
        Describe(context, problem.Kind.Status);
        if (problem.Kind.Status == StatusCodes.Status500InternalServerError)
            FailureLog.Unexpected(logger, context.Request.Method, RouteOf(context), ProblemResult.TraceId(context), failure);
        else if (problem.Kind.Status > StatusCodes.Status500InternalServerError && failure is DatabaseException)
            FailureLog.DatabaseFailed(logger, context.Request.Method, RouteOf(context), failure.Message);

        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        // What the endpoint had said about the body that it did not come to send.
        response.Headers.ETag = default;
        response.Headers.LastModified = default;
        response.Headers.Location = default;
        response.Headers.ContentEncoding = default;
        await problem.ExecuteAsync(context);
    }

    // 3–6
    private ProblemResult Explain(HttpContext context, Exception failure) => failure switch
    {
        ProblemException e => e.Result,
        BadHttpRequestException e => RequestFault.Explain(context, e),
        DatabaseException { Failure: DatabaseFailure.Unavailable } =>
            Problem.Unavailable.Result("The database does not answer.") with { RetryAfter = SoonAgain },
        DatabaseException { Failure: DatabaseFailure.Contention } =>
            Problem.Unavailable.Result("Too many requests change the same thing at once.") with { RetryAfter = SoonAgain },
        DatabaseException { Failure: DatabaseFailure.DiskFull } => Problem.StorageFull.Result("The disk is full; nothing was done."),
        CacheOverloadException => Problem.Unavailable.Result("Too many requests need the database at once.") with { RetryAfter = SoonAgain },
        OperationCanceledException when instance.Stopping.IsCancellationRequested => StoppingGate.Refusal,
        _ => Problem.InternalError.Result("The server failed on this request and has logged why. Quote the trace_id to whoever runs it."),
    };

    /// <summary>The problem of a status that stands alone.</summary>
    public static ProblemResult OfStatus(HttpContext context, int status) => status switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound.Result("There is nothing at this address. /docs lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Problem.MethodNotAllowed.Result(
            $"This address takes {context.Response.Headers.Allow}, not {Shown.Text(context.Request.Method)}."),
        StatusCodes.Status408RequestTimeout => Problem.RequestTimeout.Result("The request's body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => Problem.BodyTooLarge.Result(BodyLimitOf(context)),
        StatusCodes.Status415UnsupportedMediaType => Problem.UnsupportedMediaType.Result(
            "This endpoint reads JSON; send the header Content-Type: application/json."),
        StatusCodes.Status429TooManyRequests => Problem.TooManyRequests.Result("Ask again later.") with { RetryAfter = SoonAgain },
        StatusCodes.Status500InternalServerError => Problem.InternalError.Result("The server failed on this request."),
        StatusCodes.Status503ServiceUnavailable => Problem.Unavailable.Result("Ask again later.") with { RetryAfter = SoonAgain },
        _ => Unnamed(status),
    };

    // RFC 9457, 4.2.1: a status that says no more than the status itself.
    private static ProblemResult Unnamed(int status)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        return new Problem("", status, phrase.Length > 0 ? phrase : "Error").Result("The request was refused.");
    }

    private static string BodyLimitOf(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } limit
            ? $"This endpoint takes bodies of at most {limit} bytes."
            : "The body is larger than this endpoint takes.";

    // A trace says for which route it was, and how it was answered; the server itself leaves both out. Where nothing is traced it costs one look.
    private static void Describe(HttpContext context, int status)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
            return;
        activity.SetTag("http.response.status_code", status);
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
            activity.SetTag("http.route", route);
    }

    private static string RouteOf(HttpContext context) => context.GetEndpoint()?.DisplayName ?? "no route";
}

internal static partial class FailureLog
{
    [LoggerMessage(1, LogLevel.Error, "A request failed: {Method} {Route}, trace id {TraceId}.")]
    public static partial void Unexpected(ILogger logger, string method, string route, string traceId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "A request was turned away, {Method} {Route}: {Reason}")]
    public static partial void DatabaseFailed(ILogger logger, string method, string route, string reason);
}
