using System.Net;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// Decides how much each caller may ask. Registered by the module that limits; where none is, requests do not pay for it.
/// </summary>
/// <remarks>Called for every request that has a limited endpoint and may call it, at the same time from many threads.</remarks>
public interface IRequestLimiter
{
    /// <summary>Whether requests for an endpoint are limited at all; who isn't is not asked for, and pays nothing.</summary>
    bool Limits(Endpoint endpoint);

    /// <summary>Asks for one request.</summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    ValueTask<RequestVerdict> AskAsync(LimitedRequest request, CancellationToken cancellationToken);
}

/// <summary>Who asks for what.</summary>
/// <param name="Endpoint">What is asked for; its metadata carries limits of its own, if it has any.</param>
/// <param name="Context">The request; the principal is among its features.</param>
/// <param name="Address">The caller's address; null through the control socket.</param>
public readonly record struct LimitedRequest(Endpoint Endpoint, HttpContext Context, IPAddress? Address);

/// <summary>What a limiter says.</summary>
/// <param name="Kind">Whether the request goes on.</param>
/// <param name="RetryAfter">Where it doesn't: when it may be sent again.</param>
/// <param name="Headers">Headers of the answer, whether it goes on or not (<c>RateLimit</c>, …).</param>
public readonly record struct RequestVerdict(RequestVerdictKind Kind, TimeSpan RetryAfter, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>It goes on, with nothing to say about it.</summary>
    public static RequestVerdict Allowed { get; } = new(RequestVerdictKind.Allowed, TimeSpan.Zero, []);

    /// <summary>It does not go on: its limit is used up.</summary>
    public static RequestVerdict Refused(TimeSpan retryAfter, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new(RequestVerdictKind.Refused, retryAfter, headers);

    /// <summary>It does not go on: nobody can count it, and it must not go on uncounted.</summary>
    public static RequestVerdict Uncounted(TimeSpan retryAfter) => new(RequestVerdictKind.Uncounted, retryAfter, []);
}

/// <summary>Whether a request goes on.</summary>
public enum RequestVerdictKind
{
    /// <summary>It does.</summary>
    Allowed,

    /// <summary>It does not: too many came.</summary>
    Refused,

    /// <summary>It does not: nobody can count.</summary>
    Uncounted,
}
