using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Postgres.Local;
using Groundwork.Testing;
using Groundwork.Testing.Processes;
using Groundwork.Testing.Servers;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Groundwork.EndToEnd.Tests;

/// <summary>Two copies of the program, each with a data folder of its own, on one PostgreSQL.</summary>
public sealed class PostgresTests(PostgresServer postgres) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_one_copy_makes_the_other_has_at_once_and_no_code_is_handed_out_twice()
    {
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection), StartAsync("b", connection));
        await using var one = copies[0];
        await using var other = copies[1];
        var codes = new ConcurrentDictionary<string, bool>();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var (here, there) = writer % 2 == 0 ? (one, other) : (other, one);
            for (var i = 0; i < 40; i++)
            {
                var longUrl = $"https://example.org/{writer}/{i}";
                var code = await CreateAsync(here, longUrl);
                Assert.True(codes.TryAdd(code, true), $"the code {code} was handed out twice");
                Assert.Equal(longUrl, await FollowAsync(there, code));
            }
        }));
    }

    [Fact]
    public async Task A_request_that_is_repeated_at_the_other_copy_has_its_effect_once()
    {
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection), StartAsync("b", connection));
        await using var one = copies[0];
        await using var other = copies[1];

        var first = await CreateAsync(one, "https://example.org/", idempotencyKey: "order-7");
        Assert.Equal(first, await CreateAsync(other, "https://example.org/", idempotencyKey: "order-7"));
    }

    [Fact]
    public async Task A_key_made_rotated_and_revoked_at_one_copy_is_so_at_the_other()
    {
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection), StartAsync("b", connection));
        await using var one = copies[0];
        await using var other = copies[1];

        var key = await KeysAsync("a", connection, "create", "ci", "--scope", "links:read", "--expires", "30d", "--json");
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(other, key));

        var rotated = await KeysAsync("b", connection, "rotate", "ci", "--grace", "1h", "--json");
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(one, key)); // the grace
        var replaced = await KeysAsync("b", connection, "rotate", "ci", "--json");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(other, rotated));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(other, replaced));
        while (await CallAsync(one, rotated) != HttpStatusCode.Unauthorized)
            await Task.Yield(); // what this copy has read holds for a second at most

        await KeysAsync("a", connection, "revoke", "ci");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(one, replaced));
        while (await CallAsync(other, replaced) != HttpStatusCode.Unauthorized)
            await Task.Yield();

        var (exitCode, listed) = await GroundworkProcess.RunAsync("keys", "list", $"--Data={_folder["c"]}", $"--Database:Connection={connection}");
        Assert.Equal(0, exitCode);
        Assert.Contains("There are no keys.", listed, StringComparison.Ordinal);
        await KeysAsync("c", connection, "create", "ci", "--scope", "links:read", "--json"); // the name is free again
    }

    [Fact]
    public async Task Kill_9_of_one_copy_under_load_loses_no_link_that_it_acknowledged()
    {
        var connection = await postgres.CreateDatabaseAsync(Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", connection), StartAsync("b", connection));
        await using var killed = copies[0];
        await using var survivor = copies[1];
        var acknowledged = new ConcurrentDictionary<string, string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var writers = Enumerable.Range(0, 16).Select(writer => WriteUntilCutAsync(killed, writer, acknowledged, enough)).ToList();
        await enough.Task.WaitAsync(Cancellation);
        await killed.KillAsync();
        await Task.WhenAll(writers);

        foreach (var (code, longUrl) in acknowledged)
            Assert.Equal(longUrl, await FollowAsync(survivor, code));
        Assert.DoesNotContain(await CreateAsync(survivor, "https://example.org/after"), acknowledged.Keys);
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_copies_follow_what_they_know_refuse_the_rest_and_recover_by_themselves()
    {
        PostgresServer.Require();
        await using var server = await LocalPostgres.StartAsync(_folder["postgres"], Cancellation);
        var copies = await Task.WhenAll(StartAsync("a", server.ConnectionTo("postgres")), StartAsync("b", server.ConnectionTo("postgres")));
        await using var one = copies[0];
        await using var other = copies[1];
        var code = await CreateAsync(one, "https://example.org/before");
        Assert.Equal("https://example.org/before", await FollowAsync(one, code));
        Assert.Equal("https://example.org/before", await FollowAsync(other, code));
        var unfollowed = await CreateAsync(one, "https://example.org/unfollowed");
        await server.KillAsync();

        foreach (var copy in copies)
        {
            using var refused = await PostAsync(copy, "https://example.org/refused");
            await AssertUnavailableAsync(refused, "/docs/problems/unavailable");
            Assert.Equal("https://example.org/before", await FollowAsync(copy, code));
            using var unread = await _client.GetAsync(new Uri(copy.Address, unfollowed), Cancellation);
            await AssertUnavailableAsync(unread, "/docs/problems/unavailable");
            await UntilAsync(copy, HttpStatusCode.ServiceUnavailable);
            using var ready = await _client.GetAsync(new Uri(copy.Address, "health/ready"), Cancellation);
            Assert.Contains("Database: PostgreSQL at 127.0.0.1", await AssertUnavailableAsync(ready, "/docs/problems/not-ready"), StringComparison.Ordinal);
        }

        await server.StartAgainAsync(Cancellation);
        foreach (var copy in copies)
        {
            await UntilAsync(copy, HttpStatusCode.OK);
            Assert.Equal("https://example.org/before", await FollowAsync(copy, code));
        }

        Assert.Equal("https://example.org/a", await FollowAsync(other, await CreateAsync(one, "https://example.org/a")));
        Assert.Equal("https://example.org/b", await FollowAsync(one, await CreateAsync(other, "https://example.org/b")));
    }

    private Task<GroundworkProcess> StartAsync(string folder, string connection) =>
        GroundworkProcess.StartAsync(_folder[folder], $"--Database:Connection={connection}");

    private async Task<string> CreateAsync(GroundworkProcess copy, string longUrl, string? idempotencyKey = null)
    {
        using var response = await PostAsync(copy, longUrl, idempotencyKey);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(GroundworkProcess copy, string longUrl, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(copy.Address, "v1/urls"))
        {
            Content = JsonContent.Create(new { long_url = longUrl }),
        };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await _client.SendAsync(request, Cancellation);
    }

    private async Task<string> FollowAsync(GroundworkProcess copy, string code)
    {
        using var response = await _client.GetAsync(new Uri(copy.Address, code), Cancellation);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    private async Task WriteUntilCutAsync(
        GroundworkProcess copy, int writer, ConcurrentDictionary<string, string> acknowledged, TaskCompletionSource enough)
    {
        for (var i = 0; ; i++)
        {
            var longUrl = $"https://example.org/{writer}/{i}";
            try
            {
                acknowledged[await CreateAsync(copy, longUrl)] = longUrl;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return; // the cut
            }

            if (acknowledged.Count >= 500)
                enough.TrySetResult();
        }
    }

    /// <summary>The key's text, where there is one.</summary>
    private async Task<string> KeysAsync(string folder, string connection, params string[] arguments)
    {
        var (exitCode, output) = await GroundworkProcess.RunAsync(
            ["keys", .. arguments, $"--Data={_folder[folder]}", $"--Database:Connection={connection}"]);
        Assert.True(exitCode == 0, output);
        return arguments.Contains("--json") ? JsonDocument.Parse(output[output.IndexOf("{\n", StringComparison.Ordinal)..]).RootElement.GetProperty("key").GetString()! : "";
    }

    private async Task<HttpStatusCode> CallAsync(GroundworkProcess copy, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(copy.Address, "v1/urls/0000000"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private async Task UntilAsync(GroundworkProcess copy, HttpStatusCode readiness)
    {
        while (true)
        {
            using var response = await _client.GetAsync(new Uri(copy.Address, "health/ready"), Cancellation);
            if (response.StatusCode == readiness)
                return;
            await Task.Yield();
        }
    }

    private static async Task<string> AssertUnavailableAsync(HttpResponseMessage response, string type)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(type, problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
