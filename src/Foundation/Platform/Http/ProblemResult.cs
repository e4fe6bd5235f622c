using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Http;

/// <summary>
/// An answer that says what is wrong: <c>application/problem+json</c>; a page for somebody who followed a link with a browser
/// (<see cref="HtmlPage.IsForPeople"/>); a status of gRPC for its clients (<see cref="GrpcProblem"/>). Immutable.
/// </summary>
/// <param name="Kind">Which kind of problem.</param>
/// <param name="Detail">What is wrong this time, and what to do; never a .NET type name, a path or a stack.</param>
public sealed record ProblemResult(Problem Kind, string Detail) : IResult, IStatusCodeHttpResult
{
    /// <summary>When to ask again; sent in whole seconds, at least one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The member or parameter of the request that is wrong, such as <c>items[2].amount</c>.</summary>
    public string? Member { get; init; }

    /// <summary>Further members of the answer, written with the API's conventions.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Extensions { get; init; } = [];

    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <inheritdoc/>
    public int? StatusCode => Kind.Status;

    /// <summary>What a caller quotes and the log holds: the trace's id where the request is traced, the request's own otherwise.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.RequestServices.GetService<HttpTelemetry>()?.Answered(Kind);
        var isGrpc = GrpcProblem.IsFor(httpContext.Request);
        if (!isGrpc && httpContext.RequestServices.GetService<IProblemPages>() is { } pages && await pages.TryShowAsync(httpContext, this))
            return;

        var response = httpContext.Response;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        if (isGrpc)
        {
            GrpcProblem.Write(response, Kind, Detail);
            return;
        }

        if (HtmlPage.IsForPeople(httpContext.Request))
        {
            response.Headers.Vary = "Accept";
            await ToPage(TraceId(httpContext)).ExecuteAsync(httpContext);
            return;
        }

        var body = new ArrayBufferWriter<byte>(512);
        Write(body, TraceId(httpContext));
        response.StatusCode = Kind.Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    private IResult ToPage(string traceId) => HtmlPage.Of(Kind.Title, $"""
        <div class="notice">
        <h1>{HtmlPage.Text(Kind.Title)}</h1>
        <p>{HtmlPage.Text(Detail)}</p>
        <p class="status">Error {Kind.Status} · trace id {HtmlPage.Text(traceId)}</p>
        </div>
        """, Kind.Status);

    // It is never part of a page: its type says so, and nosniff that the type is meant. So people read ' and not \u0027.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private void Write(IBufferWriter<byte> body, string traceId)
    {
        using var json = new Utf8JsonWriter(body, Readable);
        json.WriteStartObject();
        json.WriteString("type"u8, Kind.Type);
        json.WriteString("title"u8, Kind.Title);
        json.WriteNumber("status"u8, Kind.Status);
        json.WriteString("detail"u8, Detail);
        if (Member is not null)
            json.WriteString("member"u8, Member);
        foreach (var (name, value) in Extensions)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, HttpJson.Options);
        }

        json.WriteString("trace_id"u8, traceId);
        json.WriteEndObject();
    }
}

/// <summary>Carries a problem out of a place that cannot return one, such as the binding of a parameter.</summary>
public sealed class ProblemException(ProblemResult result) : Exception(result?.Detail)
{
    /// <summary>The answer.</summary>
    public ProblemResult Result { get; } = result ?? throw new ArgumentNullException(nameof(result));
}
