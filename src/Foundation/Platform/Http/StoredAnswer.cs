using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>An answer that can be kept and given again, to the byte. Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Beyond the content's own.</param>
/// <param name="Body">JSON; empty where there is none.</param>
public sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body) : IResult
{
    /// <summary>The answer to a create: 201, where the new resource is, its tag, and the resource.</summary>
    public static StoredAnswer Created<T>(string location, EntityTag tag, T resource) => new(
        StatusCodes.Status201Created,
        new Dictionary<string, string> { ["Location"] = location, ["ETag"] = tag.ToString() },
        JsonSerializer.SerializeToUtf8Bytes(resource, HttpJson.Options));

    /// <summary>The same with one more header.</summary>
    public StoredAnswer With(string name, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [name] = value } };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        if (Body.Length == 0)
            return Task.CompletedTask;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, HttpJson.Options);

    internal static StoredAnswer FromBytes(byte[] bytes) => JsonSerializer.Deserialize<StoredAnswer>(bytes, HttpJson.Options)!;
}
