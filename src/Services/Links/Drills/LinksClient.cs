using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Groundwork.Links.Drills;

/// <summary>A user of Links, who knows its HTTP contract and nothing else. Safe for concurrent use.</summary>
internal sealed class LinksClient(Uri address) : IDisposable
{
    // A browser, so that following counts as a click.
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(1),
    };

    public Task<Answer> CreateAsync(string longUrl, string? alias = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/urls") { Content = JsonContent.Create(new { long_url = longUrl, custom_alias = alias }) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return SendAsync(request);
    }

    public Task<Answer> EditAsync(string code, string longUrl) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"v1/urls/{code}") { Content = JsonContent.Create(new { long_url = longUrl }) });

    public Task<Answer> DeleteAsync(string code) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"v1/urls/{code}"));

    public Task<Answer> ReadAsync(string code) => SendAsync(new HttpRequestMessage(HttpMethod.Get, $"v1/urls/{code}"));

    public Task<Answer> StatsAsync(string code) => SendAsync(new HttpRequestMessage(HttpMethod.Get, $"v1/urls/{code}/stats"));

    /// <summary>Follows a link; <see cref="Answer.LongUrl"/> is where it leads.</summary>
    /// <param name="code">Which link.</param>
    /// <param name="counts">Whether as a click, or as a browser that looks ahead.</param>
    public Task<Answer> FollowAsync(string code, bool counts = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, code);
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        if (!counts)
            request.Headers.Add("Sec-Purpose", "prefetch");
        return SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var began = Stopwatch.GetTimestamp();
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request);
                var body = response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "application/json"
                    ? await response.Content.ReadFromJsonAsync<JsonElement>()
                    : default;
                return new Answer((int)response.StatusCode, Stopwatch.GetElapsedTime(began))
                {
                    Code = Text(body, "code"),
                    LongUrl = response.Headers.Location is { } location && (int)response.StatusCode < 400 && request.Method == HttpMethod.Get
                        ? location.OriginalString
                        : Text(body, "long_url"),
                    Clicks = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("total", out var total) ? total.GetProperty("clicks").GetInt64() : 0,
                    SaysWhenToRetry = response.Headers.RetryAfter is not null,
                };
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                return new Answer(Answer.None, Stopwatch.GetElapsedTime(began));
            }
        }
    }

    private static string Text(JsonElement body, string member) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";
}

/// <summary>What came back.</summary>
/// <param name="Status">The status, or <see cref="None"/>.</param>
/// <param name="Took">How long that took.</param>
internal sealed record Answer(int Status, TimeSpan Took)
{
    /// <summary>The connection ended instead: whether it was done is unknown.</summary>
    public const int None = 0;

    public string Code { get; init; } = "";

    public string LongUrl { get; init; } = "";

    public long Clicks { get; init; }

    public bool SaysWhenToRetry { get; init; }

    public bool IsMade => Status is 200 or 201;

    public override string ToString() => Status == None ? "no answer" : $"status {Status}{(LongUrl.Length > 0 ? $" and {LongUrl}" : "")}";
}
