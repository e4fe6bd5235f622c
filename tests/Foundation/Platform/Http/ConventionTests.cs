using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Http;
using Groundwork.Platform.Telemetry;

namespace Groundwork.Platform.Tests.Http;

public sealed class ConventionTests : IAsyncLifetime
{
    private ToyInstance _toy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _toy = await ToyInstance.StartAsync(others: [new TelemetryModule(LogsOf.Nowhere)]);

    public ValueTask DisposeAsync() => _toy.DisposeAsync();

    [Fact]
    public async Task Following_the_cursors_shows_everything_once()
    {
        var seen = new List<string>();
        var path = "/v1/toys?limit=50";
        for (var pages = 0; path is not null; pages++)
        {
            Assert.InRange(pages, 0, 2);
            var page = await _toy.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), Cancellation);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetString()!));
            path = page.TryGetProperty("next_cursor", out var next) ? $"/v1/toys?limit=50&cursor={next.GetString()}" : null;
        }

        Assert.Equal(Enumerable.Range(1, 120).Select(n => $"toy {n}"), seen);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=garbage!", "cursor")]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=IngiCg", "cursor")]
    public async Task A_page_that_cannot_be_asked_for_is_refused(string query, string member)
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync("/v1/toys?" + query), "invalid-request", 400);
        Assert.Equal(member, problem.GetProperty("member").GetString());
    }

    [Theory]
    [InlineData("\"7\"", 304)]
    [InlineData("W/\"7\"", 304)]
    [InlineData("\"1\", \"7\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"8\"", 200)]
    [InlineData("not a tag", 200)]
    public async Task A_read_of_what_the_caller_has_already_is_304(string ifNoneMatch, int status)
    {
        var response = await _toy.SendAsync(HttpMethod.Get, "/v1/toys/7", headers: ("If-None-Match", ifNoneMatch));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("\"7\"", response.Headers.ETag!.ToString());
        Assert.Equal(status == 304, (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length == 0);
    }

    [Theory]
    [InlineData("/v1/toys/7", "If-Match", "\"7\"", 204)]
    [InlineData("/v1/toys/7", "If-Match", "\"1\", \"7\"", 204)]
    [InlineData("/v1/toys/7", "If-Match", "*", 204)]
    [InlineData("/v1/toys/7", "If-Match", "\"8\"", 412)]
    [InlineData("/v1/toys/7", "If-Match", "W/\"7\"", 412)]
    [InlineData("/v1/toys/404", "If-Match", "*", 412)]
    [InlineData("/v1/toys/7", "If-Match", "7", 400)]
    [InlineData("/v1/toys/7", "If-None-Match", "*", 412)]
    [InlineData("/v1/toys/404", "If-None-Match", "*", 204)]
    public async Task A_change_is_made_only_where_its_precondition_holds(string path, string header, string value, int status)
    {
        var response = await _toy.SendAsync(HttpMethod.Put, path, headers: (header, value));
        if (status == 204)
            Assert.Equal(204, (int)response.StatusCode);
        else
            await ToyInstance.ProblemAsync(response, status == 412 ? "precondition-failed" : "invalid-request", status);
    }

    [Fact]
    public async Task The_root_leads_to_the_API_where_no_module_brings_a_first_page() =>
        Assert.Equal("/docs", (await _toy.GetAsync("/")).Headers.Location!.OriginalString);

    [Fact]
    public async Task No_reserved_segment_is_ever_taken_for_a_code()
    {
        Assert.Equal("code abc", await _toy.Client.GetStringAsync(new Uri("/abc", UriKind.Relative), Cancellation));
        foreach (var segment in ReservedSegments.All)
        {
            foreach (var path in new[] { "/" + segment, "/" + segment.ToUpperInvariant() })
            {
                var response = await _toy.GetAsync(path);
                Assert.False((await response.Content.ReadAsStringAsync(Cancellation)).StartsWith("code ", StringComparison.Ordinal), path);
            }
        }

        var icon = await _toy.GetAsync("/favicon.ico");
        Assert.Equal("image/svg+xml", icon.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromDays(1), icon.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task The_API_is_described_with_its_problems_and_its_scopes()
    {
        var response = await _toy.GetAsync("/openapi/v1.json");
        Assert.Equal(200, (int)response.StatusCode);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var constant = document.GetProperty("paths").GetProperty("/v1/toys/constant");
        Assert.Equal("A constant", constant.GetProperty("get").GetProperty("summary").GetString());
        Assert.False(constant.TryGetProperty("head", out _));
        Assert.True(constant.GetProperty("get").GetProperty("responses").GetProperty("default").GetProperty("content")
            .TryGetProperty("application/problem+json", out _));
        Assert.False(constant.GetProperty("get").TryGetProperty("security", out _));
        var limited = document.GetProperty("paths").GetProperty("/v1/toys/scoped").GetProperty("get").GetProperty("security")[0];
        Assert.Equal("toys:read", limited.GetProperty("key")[0].GetString());
        Assert.False(document.GetProperty("paths").TryGetProperty("/favicon.ico", out _));
        Assert.False(document.GetProperty("paths").TryGetProperty("/control/toys", out _));

        var again = await _toy.SendAsync(HttpMethod.Get, "/openapi/v1.json", headers: ("If-None-Match", response.Headers.ETag!.ToString()));
        Assert.Equal(304, (int)again.StatusCode);
    }

    [Fact]
    public async Task The_page_to_try_the_API_loads_nothing_from_elsewhere()
    {
        Assert.Equal("docs/", (await _toy.GetAsync("/docs")).Headers.Location!.OriginalString);
        var response = await _toy.GetAsync("/docs/");
        var html = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("//cdn", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        var script = System.Text.RegularExpressions.Regex.Matches(html, "src=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(script);
        foreach (var source in script)
            Assert.Equal(200, (int)(await _toy.GetAsync(new Uri(new Uri(_toy.Client.BaseAddress!, "/docs/"), source).AbsolutePath)).StatusCode);
    }
}
