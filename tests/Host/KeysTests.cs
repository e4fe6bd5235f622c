using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Groundwork.Testing;

namespace Groundwork.Host.Tests;

public sealed class KeysTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_made_on_the_command_line_lets_its_holder_in_until_it_is_rotated_or_revoked()
    {
        await using var program = await RunningProgram.StartAsync(_folder["data"]);

        var made = await KeysAsync("create", "ci", "--scope", "links:read", "--expires", "30d");
        var key = made.Output.Trim();
        Assert.Contains("It is not shown again", made.Error, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(program, key));

        var rotated = (await KeysAsync("rotate", "ci")).Output.Trim();
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(program, key));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(program, rotated));

        Assert.Equal(0, (await KeysAsync("revoke", "ci")).ExitCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(program, rotated));
    }

    [Fact]
    public async Task Keys_are_made_and_listed_while_nothing_runs()
    {
        Assert.Contains("There are no keys.", (await KeysAsync("list")).Output, StringComparison.Ordinal);
        var made = JsonDocument.Parse((await KeysAsync("create", "ci", "--scope", "links:read", "--scope", "links:write", "--json")).Output).RootElement;

        var listed = Assert.Single(JsonDocument.Parse((await KeysAsync("list", "--json")).Output).RootElement.EnumerateArray());
        Assert.Equal(made.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("key").ValueKind);
        Assert.Matches(@"ci +\S+ +links:read, links:write", (await KeysAsync("list")).Output);
    }

    [Fact]
    public async Task What_is_refused_is_told_on_standard_error()
    {
        var scope = await KeysAsync("create", "ci", "--scope", "links:wriet");
        Assert.Equal(1, scope.ExitCode);
        Assert.Empty(scope.Output);
        Assert.Contains("links:write", scope.Error, StringComparison.Ordinal);

        // Names stand in paths, where these two mean something else: such a key could not be revoked by its name.
        Assert.Equal(1, (await KeysAsync("create", "..", "--scope", "links:write")).ExitCode);

        Assert.Contains("'nobody'", (await KeysAsync("revoke", "nobody")).Error, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> CallAsync(RunningProgram program, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/urls/0000000", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return (await program.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
    }

    private Task<Run> KeysAsync(params string[] arguments) => Run.Of(["keys", .. arguments, $"--Data={_folder["data"]}"]);
}
