using Groundwork.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Requests that the program makes of itself, on behalf of somebody whom it has let in already: they pass through the whole
/// pipeline as any client's do, without a socket.
/// </summary>
/// <remarks>
/// <para>The endpoint's scope is checked against the principal; limits, guards and problems are those of every request. What
/// the server itself does around the pipeline (its limits of size and rate, its metrics) is not there.</para>
/// <para>Bound: an answer of at most <see cref="MaxAnswerBytes"/>. Safe for concurrent use.</para>
/// </remarks>
public sealed class InProcessRequests
{
    /// <summary>The longest answer, in bytes.</summary>
    public const int MaxAnswerBytes = 16 << 20;

    private readonly IServiceScopeFactory _scopes;
    private RequestDelegate? _pipeline;

    /// <summary>Serves requests from the services of one instance.</summary>
    public InProcessRequests(IServiceScopeFactory scopes) => _scopes = scopes;

    /// <summary>Sends a request and waits for the whole answer.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the request, as a caller who has gone would.</param>
    /// <exception cref="InvalidDataException">The answer is longer than <see cref="MaxAnswerBytes"/>.</exception>
    public async Task<InProcessAnswer> SendAsync(Principal principal, InProcessRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pipeline = _pipeline ?? throw new InvalidOperationException("The pipeline is not built yet.");

        // As the server itself refuses it, before there is a request.
        if (request.Address.AbsolutePath.Contains("%00", StringComparison.Ordinal))
            return new InProcessAnswer(StatusCodes.Status400BadRequest, new HeaderDictionary(), default);

        await using var scope = _scopes.CreateAsyncScope();
        using var body = new BoundedStream(MaxAnswerBytes);

        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        context.Features.Set(new OnBehalfOf(principal));
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        Fill(context.Request, request);

        await pipeline(context);
        await context.Response.CompleteAsync();
        return new InProcessAnswer(context.Response.StatusCode, context.Response.Headers, body.ToArray());
    }

    /// <summary>Marks the place where requests enter the pipeline.</summary>
    internal void Enter(IApplicationBuilder app) => app.Use(next =>
    {
        _pipeline = next;
        return next;
    });

    private static void Fill(HttpRequest to, InProcessRequest from)
    {
        to.Method = from.Method;
        to.Scheme = from.Address.Scheme;
        to.Host = HostString.FromUriComponent(from.Address);
        to.Path = PathString.FromUriComponent(from.Address);
        to.QueryString = QueryString.FromUriComponent(from.Address);
        to.Protocol = "HTTP/1.1";
        to.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = from.Address.PathAndQuery;
        foreach (var (name, value) in from.Headers)
            to.Headers[name] = value;
        if (from.Body.IsEmpty)
            return;
        to.Body = new MemoryStream(from.Body.ToArray(), writable: false);
        to.ContentLength = from.Body.Length;
        to.HttpContext.Features.Set<IHttpRequestBodyDetectionFeature>(HasBody.Instance);
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public static readonly HasBody Instance = new();

        public bool CanHaveBody => true;
    }

    // What derives from a stream in memory gets all its bytes through these two.
    private sealed class BoundedStream(int limit) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            Require(count);
            base.Write(buffer, offset, count);
        }

        public override void WriteByte(byte value)
        {
            Require(1);
            base.WriteByte(value);
        }

        private void Require(int count)
        {
            if (Length + count > limit)
                throw new InvalidDataException($"The answer is longer than {limit} bytes.");
        }
    }
}

/// <summary>What is asked. Immutable.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Address">Absolute: its host is that under which the server is reached.</param>
/// <param name="Headers">By name; none of the connection's own.</param>
/// <param name="Body">Empty where there is none.</param>
public sealed record InProcessRequest(
    string Method, Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What was answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">By name.</param>
/// <param name="Body">The whole body.</param>
public sealed record InProcessAnswer(int Status, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body);
