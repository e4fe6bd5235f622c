using System.Net;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// Decides how much each caller may ask. Registered by the module that limits; where none is, requests do not pay for it.
/// </summary>
/// <remarks>Called for every request that has an endpoint and may call it, at the same time from many threads.</remarks>
public interface IRequestLimiter
{
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
/// <param name="IsAllowed">Whether the request goes on.</param>
/// <param name="RetryAfter">Where it doesn't: when it may be sent again.</param>
/// <param name="Headers">Headers of the answer, whether it goes on or not (<c>RateLimit</c>, …).</param>
public readonly record struct RequestVerdict(bool IsAllowed, TimeSpan RetryAfter, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>It goes on, with nothing to say about it.</summary>
    public static RequestVerdict Allowed { get; } = new(true, TimeSpan.Zero, []);

    /// <summary>It does not go on.</summary>
    public static RequestVerdict Refused(TimeSpan retryAfter, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new(false, retryAfter, headers);
}
