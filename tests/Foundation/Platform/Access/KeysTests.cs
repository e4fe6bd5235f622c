using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Access;

public sealed class KeysTests : IAsyncLifetime
{
    private static readonly string[] Everything = ["*"];
    private static readonly string[] Misspelt = ["toys:raed"];

    private AccessInstance _access = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _access = await AccessInstance.StartedAsync((AccessOptions.Require, "always"));

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task A_revoked_key_is_refused_by_the_very_next_request()
    {
        var (id, key) = await _access.MakeKeyAsync("reader", "toys:read");
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key)); // from here on it is remembered

        using var revoked = await _access.ControlAsync(HttpMethod.Delete, $"keys/{id}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(key));
        using var again = await _access.ControlAsync(HttpMethod.Delete, $"keys/{id}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_change_made_by_another_copy_holds_within_a_second()
    {
        var (id, key) = await _access.MakeKeyAsync("reader", "toys:read");
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));
        var database = _access.Instance.Services.GetRequiredKeyedService<IDatabase>("access");
        await database.WriteAsync(
            new Command(new Statement("update principals set revoked_at = 1 where id = $1"), id, id), Cancellation);

        _access.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(key));
    }

    [Fact]
    public async Task A_key_ends_when_it_was_said_to()
    {
        using var made = await _access.ControlAsync(HttpMethod.Post, "keys", new { name = "brief", scopes = Everything, expires_in = 60 });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("key").GetString();
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));

        _access.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(key));
        using var rotated = await _access.ControlAsync(HttpMethod.Post, "keys/brief:rotate");
        Assert.Equal(HttpStatusCode.Conflict, rotated.StatusCode);
    }

    [Fact]
    public async Task A_rotated_key_keeps_its_identity_and_its_old_secret_for_the_grace_only()
    {
        var (id, old) = await _access.MakeKeyAsync("rolling", "toys:read");

        var first = await RotateAsync("rolling", new { grace = 30 });
        Assert.StartsWith($"gw_{id}_", first, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(first));
        _access.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(first));

        var second = await RotateAsync(id, null);
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(first));
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(second));
        Assert.Equal(HttpStatusCode.Forbidden, await _access.StatusAsync(second, HttpMethod.Post));
    }

    [Fact]
    public async Task A_scope_that_does_not_exist_is_refused_with_the_nearest_that_does()
    {
        using var response = await _access.ControlAsync(HttpMethod.Post, "keys", new { name = "typo", scopes = Misspelt });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("'toys:read'", await DetailAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_unique_among_keys_that_were_not_revoked()
    {
        var (id, _) = await _access.MakeKeyAsync("taken", "*");
        foreach (var name in new[] { "taken", id })
        {
            using var refused = await _access.ControlAsync(HttpMethod.Post, "keys", new { name, scopes = Everything });
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        }

        using var revoked = await _access.ControlAsync(HttpMethod.Delete, "keys/taken");
        var (again, key) = await _access.MakeKeyAsync("taken", "*");
        Assert.NotEqual(id, again);
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));
    }

    [Fact]
    public async Task A_name_whose_key_was_never_made_is_free_again_after_a_minute()
    {
        // What a crash between the two rows of a key leaves.
        var database = _access.Instance.Services.GetRequiredKeyedService<IDatabase>("access");
        await database.WriteAsync(
            new Command(new Statement("insert into principal_names (name, id, claimed_at) values ($1, $2, $3)"), "lost", "lost", "never0000000", _access.Time.GetUtcNow()),
            Cancellation);

        using var early = await _access.ControlAsync(HttpMethod.Post, "keys", new { name = "lost", scopes = Everything });
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        _access.Time.Advance(TimeSpan.FromMinutes(1));
        var (_, key) = await _access.MakeKeyAsync("lost", "*");
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));
    }

    [Theory]
    [InlineData("""{"scopes":["*"]}""")]
    [InlineData("""{"name":"","scopes":["*"]}""")]
    [InlineData("""{"name":"a\u0007b","scopes":["*"]}""")]
    [InlineData("""{"name":"a/b","scopes":["*"]}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","scopes":[]}""")]
    [InlineData("""{"name":"x","scopes":[null]}""")]
    [InlineData("""{"name":"x","scopes":["*"],"expires_in":0}""")]
    [InlineData("""{"name":"x","scopes":["*"],"expires_in":1e300}""")]
    public async Task A_wish_that_makes_no_sense_is_refused(string body)
    {
        using var response = await _access.ControlAsync(HttpMethod.Post, "keys", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Secrets_are_shown_once_and_stand_in_no_list_and_no_log_and_not_on_disk()
    {
        var (_, key) = await _access.MakeKeyAsync("quiet", "*");
        var secret = key[(key.LastIndexOf('_') + 1)..];
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(key[..^2]));

        using var list = await _access.ControlAsync(HttpMethod.Get, "keys");
        var text = await list.Content.ReadAsStringAsync(Cancellation);
        await _access.StopAsync();

        Assert.Contains("\"quiet\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.NotEmpty(_access.Log.Lines);
        Assert.DoesNotContain(_access.Log.Lines, l => l.Text.Contains(secret[..^2], StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(_access.Folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(secret, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_outlive_the_instance()
    {
        var (id, key) = await _access.MakeKeyAsync("lasting", "toys:read");
        await _access.StopAsync();
        await _access.StartAsync((AccessOptions.Require, "always"));

        using var response = await _access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", $"Bearer {key}"));
        Assert.Equal(id, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<string> RotateAsync(string key, object? body)
    {
        using var response = await _access.ControlAsync(HttpMethod.Post, $"keys/{key}:rotate", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("key").GetString()!;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString()!;
}
