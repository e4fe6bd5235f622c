using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// A kind of failure that HTTP callers can act on: RFC 9457 problem details with a type that never changes.
/// </summary>
/// <remarks>
/// The house's own kinds stand here; a module's own stand beside its endpoints and are listed by
/// <see cref="IRoutedModule.Problems"/>, so that each has its page.
/// </remarks>
/// <param name="Slug">The end of the type, <c>/docs/problems/{slug}</c>, which is also where it is explained.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it is, the same every time.</param>
public sealed record Problem(string Slug, int Status, string Title)
{
    /// <summary>The request contradicts the contract of the endpoint.</summary>
    public static readonly Problem InvalidRequest = new("invalid-request", 400, "The request is not valid")
    {
        Explanation = "The detail names the member or parameter that is wrong and says what is expected. Nothing was done; "
            + "the same request will fail again. The contract of every endpoint is at /docs.",
    };

    /// <summary>A web page of another origin wants to change something.</summary>
    public static readonly Problem CrossOrigin = new("cross-origin", 403, "A page of another origin may not do this")
    {
        Explanation = "A browser sent this for a page of another origin, which might be anyone's. If that page may, whoever runs the server "
            + "adds its origin to the setting Http:AllowedOrigins. Programs that are not browsers send no Origin. Nothing was done.",
    };

    /// <summary>There is nothing at this address.</summary>
    public static readonly Problem NotFound = new("not-found", 404, "Not found")
    {
        Explanation = "Either nothing is ever served at this address, or the thing it names is not there (any more). /docs lists every address.",
    };

    /// <summary>The address is right, the method is not.</summary>
    public static readonly Problem MethodNotAllowed = new("method-not-allowed", 405, "The method is not allowed here")
    {
        Explanation = "The Allow header of the answer lists the methods that this address takes.",
    };

    /// <summary>The client sent too slowly.</summary>
    public static readonly Problem RequestTimeout = new("request-timeout", 408, "The request came too slowly")
    {
        Explanation = "Headers and bodies must arrive at a least rate, so that slow senders cannot hold connections. Send it again.",
    };

    /// <summary>The first request with this idempotency key has not ended yet.</summary>
    public static readonly Problem IdempotencyInFlight = new("idempotency-in-flight", 409, "The first request with this key is still under way")
    {
        Explanation = "Another request with the same Idempotency-Key is being worked on. Ask again after the time in Retry-After: the answer will then be its answer.",
    };

    /// <summary>A precondition that the client set does not hold.</summary>
    public static readonly Problem PreconditionFailed = new("precondition-failed", 412, "The resource is not as the request expects")
    {
        Explanation = "If-Match or If-None-Match was sent and does not hold: somebody changed the resource in between. "
            + "Read it again, decide again, and send its present ETag. Nothing was done.",
    };

    /// <summary>The body is over its limit.</summary>
    public static readonly Problem BodyTooLarge = new("body-too-large", 413, "The body is too large")
    {
        Explanation = "The limit is in the detail. An operator moves the general one with the setting Http:BodyLimit.",
    };

    /// <summary>The body is of a kind that the endpoint does not read.</summary>
    public static readonly Problem UnsupportedMediaType = new("unsupported-media-type", 415, "The body's type is not supported")
    {
        Explanation = "Send JSON in UTF-8, not compressed, with the header Content-Type: application/json.",
    };

    /// <summary>The request is for a host that is not this server's.</summary>
    public static readonly Problem UnknownHost = new("unknown-host", 421, "This server does not answer to this host")
    {
        Explanation = "The Host header names neither this machine nor a host that was allowed; a web page may have made its own name lead "
            + "here. If people reach the server by that name, whoever runs it adds it to the setting Http:AllowedHosts. Nothing was done.",
    };

    /// <summary>An idempotency key was used for another request.</summary>
    public static readonly Problem IdempotencyKeyReused = new("idempotency-key-reused", 422, "The key was used for another request")
    {
        Explanation = "An Idempotency-Key belongs to one request, with one body. Make a new key for a new request. Nothing was done.",
    };

    /// <summary>The caller is over a limit.</summary>
    public static readonly Problem TooManyRequests = new("too-many-requests", 429, "Too many requests")
    {
        Explanation = "A limit of this caller, or of this address, is used up. Ask again after the time in Retry-After. Nothing was done.",
    };

    /// <summary>A fault of ours.</summary>
    public static readonly Problem InternalError = new("internal-error", 500, "Something went wrong here")
    {
        Explanation = "A fault of the server, which has logged it. Quote the answer's trace_id to whoever runs the server.",
    };

    /// <summary>What the request needs does not answer just now.</summary>
    public static readonly Problem Unavailable = new("unavailable", 503, "Not available just now")
    {
        Explanation = "Something that the request needs does not answer, or is too busy. Ask again after the time in Retry-After, with the same "
            + "Idempotency-Key where one was sent: a write may have been done.",
    };

    /// <summary>The instance starts, or a part of it is unwell.</summary>
    public static readonly Problem NotReady = new("not-ready", 503, "Not ready")
    {
        Explanation = "The answer lists the modules and what is wrong with each. Balancers should send requests elsewhere until this passes.",
    };

    /// <summary>The instance stops.</summary>
    public static readonly Problem Stopping = new("stopping", 503, "This instance is stopping")
    {
        Explanation = "It finishes what it has begun and takes nothing new. Ask again after the time in Retry-After; another instance may answer. Nothing was done.",
    };

    /// <summary>The disk is full.</summary>
    public static readonly Problem StorageFull = new("storage-full", 507, "The storage is full")
    {
        Explanation = "Nothing was done; reads go on. Whoever runs the server must make room before writes are taken again.",
    };

    /// <summary>The house's own kinds.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        InvalidRequest, CrossOrigin, NotFound, MethodNotAllowed, RequestTimeout, IdempotencyInFlight, PreconditionFailed, BodyTooLarge,
        UnsupportedMediaType, UnknownHost, IdempotencyKeyReused, TooManyRequests, InternalError, Unavailable, NotReady, Stopping, StorageFull,
    ];

    /// <summary>What the page of the type says: what it means, and what to do.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The type, a reference relative to the server's root; RFC 9457's <c>about:blank</c> for a status that says it all.</summary>
    public string Type => Slug.Length == 0 ? "about:blank" : $"/docs/problems/{Slug}";

    /// <summary>The answer.</summary>
    /// <param name="detail">What is wrong this time, and what to do.</param>
    public IResult With(string detail) => Result(detail);

    /// <summary>The answer, to be refined: <c>Result(…) with { RetryAfter = … }</c>.</summary>
    /// <param name="detail">What is wrong this time, and what to do.</param>
    public ProblemResult Result(string detail) => new(this, detail);
}
