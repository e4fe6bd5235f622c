using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Tests.Http;

namespace Groundwork.Platform.Tests.Caching.Api;

/// <summary>The embedded cache by HTTP, over a cache that a test can fill by hand.</summary>
public sealed class CacheApiTests : IAsyncLifetime
{
    private const string Keys = "/v1/cache/spaces/clients/keys";

    private readonly ToyCache _cache = new();
    private ToyInstance _toy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _toy = await ToyInstance.StartAsync(others: [new ToyCacheModule(_cache), new CachingModule()]);

    public ValueTask DisposeAsync() => _toy.DisposeAsync();

    [Fact]
    public async Task Spaces_are_listed_with_a_name_for_the_one_that_has_none()
    {
        var items = (await ReadAsync("/v1/cache/spaces")).GetProperty("items");

        Assert.Equal(["clients", "links"], items.EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(0.75, (await ReadAsync("/v1/cache/spaces/links")).GetProperty("hit_ratio").GetDouble());
        Assert.Equal("127.0.0.1:6379", (await ReadAsync("/v1/cache")).GetProperty("addresses")[0].GetString());
        Assert.Equal("keys", (await ReadAsync("/v1/cache/slow-log")).GetProperty("items")[0].GetProperty("arguments")[0].GetString());
        Assert.Equal("a", (await ReadAsync("/v1/cache/spaces/clients/hot-keys")).GetProperty("items")[0].GetProperty("key").GetString());
        var curve = await ReadAsync("/v1/cache/spaces/clients/miss-ratio");
        Assert.Equal(0.4, curve.GetProperty("points")[0].GetProperty("miss_ratio").GetDouble());
        Assert.Equal("tinylfu", curve.GetProperty("policy").GetString());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("user:1?encoding=", "user:1")]
    [InlineData("%C3%A9", "é")]
    [InlineData("a%20b+c", "a b+c")]
    [InlineData("Li4?encoding=base64url", "..")]
    [InlineData("YQBi?encoding=base64url", "a\0b")]
    public async Task A_key_of_any_bytes_has_an_address(string address, string key)
    {
        _cache.Set(key, "here");

        var answer = await ReadAsync($"{Keys}/{address}");

        Assert.Equal(key, answer.GetProperty("key").GetString());
        Assert.Equal("here", answer.GetProperty("elements")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task What_is_no_text_is_shown_in_base64_in_a_member_of_its_own()
    {
        _cache.Set([0xFF, 0x2F], [0x00, 0xFE]);

        var answer = await ReadAsync($"{Keys}/%FF%2F");

        Assert.Equal("/y8=", answer.GetProperty("key_base64").GetString());
        Assert.Equal("AP4=", answer.GetProperty("elements")[0].GetProperty("value_base64").GetString());
        Assert.False(answer.TryGetProperty("key", out _));
    }

    [Fact]
    public async Task Parts_of_a_text_never_end_within_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("aé€😀", 20));
        _cache.Set("k", text);

        var (seen, path) = (new StringBuilder(), $"{Keys}/k?bytes=7");
        while (path is not null)
        {
            var page = await ReadAsync(path);
            seen.Append(page.GetProperty("elements")[0].GetProperty("value").GetString());
            path = page.TryGetProperty("next_cursor", out var next) ? $"{Keys}/k?bytes=7&cursor={next.GetString()}" : null;
        }

        Assert.Equal(text, seen.ToString());
    }

    [Fact]
    public async Task Following_the_cursors_shows_every_key()
    {
        for (var i = 0; i < 120; i++)
            _cache.Set($"key {i}", "v");

        var (seen, path) = (new List<string>(), $"{Keys}?limit=50&match=key*");
        while (path is not null)
        {
            var page = await ReadAsync(path);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("key").GetString()!));
            path = page.TryGetProperty("next_cursor", out var next) ? $"{Keys}?limit=50&match=key*&cursor={next.GetString()}" : null;
        }

        Assert.Equal(120, seen.Distinct().Count());
        Assert.Equal("key*", Encoding.UTF8.GetString(_cache.LastQuery!.Pattern.Span));
    }

    [Theory]
    [InlineData("/v1/cache/spaces/nobody", 404, "not-found", null, "There is no space named 'nobody'. /v1/cache/spaces lists those that there are.")]
    [InlineData(Keys + "/none", 404, "not-found", null, "There is no key 'none' in database 0: nobody has set it, its time is over, or it had to leave.")]
    [InlineData(Keys + "?type=stream", 400, "invalid-request", "type", "type must be one of string, list, hash, set, zset, not 'stream'.")]
    [InlineData(Keys + "?database=16", 400, "invalid-request", "database", "database must be a whole number from 0 to 15, not 16.")]
    [InlineData(Keys + "/k?database=-1", 400, "invalid-request", "database", "database must be a whole number from 0 to 15, not -1.")]
    [InlineData("/v1/cache/spaces/links/keys?database=1", 400, "invalid-request", "database", "database must be 0 in the space 'links', not 1: only 'clients' has more.")]
    [InlineData(Keys + "?limit=0", 400, "invalid-request", "limit", "limit must be a whole number from 1 to 1000, not 0.")]
    [InlineData(Keys + "?cursor=garbage!", 400, "invalid-request", "cursor", "cursor must be a next_cursor of this listing, exactly as it was given.")]
    [InlineData(Keys + "/k?bytes=0", 400, "invalid-request", "bytes", "bytes must be a whole number from 1 to 1048576, not 0.")]
    [InlineData(Keys + "/k!?encoding=base64url", 400, "invalid-request", "key", "key must be base64url, as encoding says: letters, digits, - and _.")]
    [InlineData(Keys + "/k?encoding=hex", 400, "invalid-request", "encoding", "encoding must be base64url, or be left out for a key that is percent-encoded, not 'hex'.")]
    [InlineData("/v1/cache/spaces/clients/hot-keys?limit=65", 400, "invalid-request", "limit", "limit must be a whole number from 1 to 64, not 65.")]
    [InlineData("/v1/cache/slow-log?limit=0", 400, "invalid-request", "limit", "limit must be a whole number from 1 to 128, not 0.")]
    public async Task What_is_wrong_is_said_with_what_would_be_right(string path, int status, string slug, string? member, string detail)
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync(path), slug, status);

        Assert.Equal(detail, problem.GetProperty("detail").GetString());
        Assert.Equal(member, problem.TryGetProperty("member", out var named) ? named.GetString() : null);
    }

    [Fact]
    public async Task A_key_that_is_not_percent_encoded_is_refused()
    {
        // Clients put such an address right before they send it.
        var answer = await _toy.RawAsync($"GET {Keys}/k%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Contains("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("key must be percent-encoded: a % stands before two hexadecimal digits, and is written %25 itself.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_is_too_long_is_refused()
    {
        var problem = await ToyInstance.ProblemAsync(await _toy.GetAsync($"{Keys}?match={new string('a', 257)}"), "invalid-request", 400);

        Assert.Equal("match has 257 characters; 256 are allowed.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_key_is_removed_and_then_not_there()
    {
        _cache.Set("k", "v");

        using var first = await _toy.SendAsync(HttpMethod.Delete, $"{Keys}/k");
        using var second = await _toy.SendAsync(HttpMethod.Delete, $"{Keys}/k");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task A_key_that_changed_is_not_removed_by_who_saw_it_before()
    {
        _cache.Set("k", "v");
        using var seen = await _toy.GetAsync($"{Keys}/k");
        var tag = seen.Headers.ETag!.ToString();
        using var same = await _toy.SendAsync(HttpMethod.Get, $"{Keys}/k", headers: ("If-None-Match", tag));
        _cache.Set("k", "w");

        await ToyInstance.ProblemAsync(await _toy.SendAsync(HttpMethod.Delete, $"{Keys}/k", headers: ("If-Match", tag)), "precondition-failed", 412);

        using var now = await _toy.GetAsync($"{Keys}/k");
        using var removed = await _toy.SendAsync(HttpMethod.Delete, $"{Keys}/k", headers: ("If-Match", now.Headers.ETag!.ToString()));
        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.NoContent), (same.StatusCode, removed.StatusCode));
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await _toy.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
