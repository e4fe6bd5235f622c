using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Groundwork.Testing.Servers;

namespace Groundwork.EndToEnd.Tests;

/// <summary>Two copies of the program on one PostgreSQL and one redis-server.</summary>
public sealed class SharedCacheTests(PostgresServer postgres) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private RedisProcess _redis = null!;
    private GroundworkProcess _one = null!;
    private GroundworkProcess _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        PostgresServer.Require();
        _redis = await RedisProcess.StartAsync(Cancellation);
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection), StartAsync("b", connection));
        (_one, _other) = (copies[0], copies[1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var copy in (GroundworkProcess?[])[_one, _other])
        {
            if (copy is not null)
                await copy.DisposeAsync();
        }

        if (_redis is not null)
            await _redis.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_made_changed_and_deleted_at_one_copy_is_so_at_the_other()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_other, "summer-sale"));
        await CreateAsync(_one, "summer-sale", "https://example.org/first");
        await UntilAsync(_other, "summer-sale", HttpStatusCode.Found, "https://example.org/first");
        Assert.Equal("https://example.org/first", await FollowAsync(_one, "summer-sale"));

        await EditAsync(_other, "summer-sale", "https://example.org/second");
        Assert.Equal("https://example.org/second", await FollowAsync(_other, "summer-sale"));
        await UntilAsync(_one, "summer-sale", HttpStatusCode.Found, "https://example.org/second");

        await DeleteAsync(_one, "summer-sale");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_one, "summer-sale"));
        await UntilAsync(_other, "summer-sale", HttpStatusCode.NotFound, null);
        await UntilRedisIsUsedAsync();
    }

    [Fact]
    public async Task A_start_beside_a_server_that_answers_warns_of_nothing()
    {
        await CreateAsync(_one, "summer-sale", "https://example.org/first");
        await UntilAsync(_other, "summer-sale", HttpStatusCode.Found, "https://example.org/first");

        foreach (var copy in (GroundworkProcess[])[_one, _other])
        {
            Assert.DoesNotContain("is lost", copy.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("are not heard", copy.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_shared_cache_both_go_on_and_with_it_back_they_use_it_again()
    {
        await CreateAsync(_one, "summer-sale", "https://example.org/first");
        await UntilAsync(_other, "summer-sale", HttpStatusCode.Found, "https://example.org/first");
        await UntilRedisIsUsedAsync();
        await _redis.KillAsync(Cancellation);

        Assert.Equal("https://example.org/first", await FollowAsync(_one, "summer-sale"));
        await EditAsync(_one, "summer-sale", "https://example.org/second");
        Assert.Equal("https://example.org/second", await FollowAsync(_one, "summer-sale"));
        await UntilAsync(_other, "summer-sale", HttpStatusCode.Found, "https://example.org/second");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_other, "more-sales"));
        await CreateAsync(_one, "more-sales", "https://example.org/more");
        await UntilAsync(_other, "more-sales", HttpStatusCode.Found, "https://example.org/more");
        foreach (var copy in (GroundworkProcess[])[_one, _other])
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(copy, "health/ready"));

        await _redis.StartAgainAsync(Cancellation);
        await UntilRedisIsUsedAsync();
        await EditAsync(_other, "summer-sale", "https://example.org/third");
        await UntilAsync(_one, "summer-sale", HttpStatusCode.Found, "https://example.org/third");
        await DeleteAsync(_one, "summer-sale");
        await UntilAsync(_other, "summer-sale", HttpStatusCode.NotFound, null);
    }

    private Task<GroundworkProcess> StartAsync(string folder, string connection) => GroundworkProcess.StartAsync(
        _folder[folder], $"--Database:Connection={connection}", $"--Cache:Connection={_redis.Connection}");

    private async Task CreateAsync(GroundworkProcess copy, string alias, string longUrl)
    {
        using var response = await _client.PostAsJsonAsync(new Uri(copy.Address, "v1/urls"), new { long_url = longUrl, custom_alias = alias }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private async Task EditAsync(GroundworkProcess copy, string alias, string longUrl)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(copy.Address, $"v1/urls/{alias}"))
        {
            Content = JsonContent.Create(new { long_url = longUrl }, new MediaTypeHeaderValue("application/merge-patch+json")),
        };
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task DeleteAsync(GroundworkProcess copy, string alias)
    {
        using var response = await _client.DeleteAsync(new Uri(copy.Address, $"v1/urls/{alias}"), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(GroundworkProcess copy, string path)
    {
        using var response = await _client.GetAsync(new Uri(copy.Address, path), Cancellation);
        return response.StatusCode;
    }

    private async Task<string?> FollowAsync(GroundworkProcess copy, string alias)
    {
        using var response = await _client.GetAsync(new Uri(copy.Address, alias), Cancellation);
        return response.Headers.Location?.OriginalString;
    }

    // Others' changes hold within a second; without the word of them it would be a minute.
    private async Task UntilAsync(GroundworkProcess copy, string alias, HttpStatusCode status, string? location)
    {
        while (true)
        {
            using var response = await _client.GetAsync(new Uri(copy.Address, alias), Cancellation);
            if (response.StatusCode == status && response.Headers.Location?.OriginalString == location)
                return;
            await Task.Yield();
        }
    }

    // A call that takes too long goes past the cache: it need not be the first that is kept there.
    private async Task UntilRedisIsUsedAsync()
    {
        for (var i = 0; await _redis.AskAsync("DBSIZE", Cancellation) == ":0"; i++)
            await StatusAsync(i % 2 == 0 ? _one : _other, $"nobody-{i}");
    }
}
