using System.Diagnostics;
using System.Globalization;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>A caller of a whole program who is limited by a header, and knows nothing but its answers. Safe for concurrent use.</summary>
internal sealed class LimitedUser(Uri address) : IDisposable
{
    /// <summary>The header that callers are told apart by.</summary>
    public const string Header = "X-Drill";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    private long _names;

    /// <summary>A name that nobody has asked under.</summary>
    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"caller-{Interlocked.Increment(ref _names)}");

    /// <summary>Asks.</summary>
    public async Task<LimitedAnswer> AskAsync(string path, string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(Header, name);
        var began = Stopwatch.GetTimestamp();
        using var answer = await _http.SendAsync(request, cancellationToken);
        return new LimitedAnswer(
            (int)answer.StatusCode, answer.Headers.Contains("RateLimit"), answer.Headers.RetryAfter is not null, Stopwatch.GetElapsedTime(began));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="IsCounted">Whether it says what remains: somebody counted it.</param>
/// <param name="SaysWhen">Whether it says when to ask again.</param>
/// <param name="Took">How long it took.</param>
internal readonly record struct LimitedAnswer(int Status, bool IsCounted, bool SaysWhen, TimeSpan Took);
