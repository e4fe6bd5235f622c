using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests;

/// <summary>An instance with Links on a clock that stands still until it is moved, and what tests ask of it over HTTP.</summary>
public sealed class LinksClient : IAsyncDisposable
{
    private static readonly Setting[] Settings = [.. LinksOptions.All, .. new HttpModule().Settings];

    private readonly TempFolder _folder = new();
    private RunningInstance _running = null!;

    private LinksClient(string connection) => Connection = connection;

    /// <summary>Of its PostgreSQL database; empty for the embedded one.</summary>
    public string Connection { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public HttpClient Http => _running.Client;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Http.BaseAddress!.Port);

    /// <summary>Where its data are.</summary>
    public string Folder => _folder.Path;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts one.</summary>
    /// <param name="connection">Of a PostgreSQL database; empty for the embedded one.</param>
    /// <param name="settings">Of Links and of HTTP, by name.</param>
    public static async Task<LinksClient> StartAsync(string connection = "", params (string Name, string Text)[] settings)
    {
        var client = new LinksClient(connection);
        try
        {
            await client.RunAsync(settings);
        }
        catch
        {
            client._folder.Dispose();
            throw;
        }

        return client;
    }

    /// <summary>Stops it, and starts it again on the same data.</summary>
    public async Task RestartAsync(params (string Name, string Text)[] settings)
    {
        await _running.DisposeAsync();
        await RunAsync(settings);
    }

    /// <summary>Stops it; its data stay.</summary>
    public ValueTask StopAsync() => _running.DisposeAsync();

    /// <summary>How Links says that it is.</summary>
    public ValueTask<ModuleHealth> HealthAsync() => _running.Instance.Modules.Single(m => m.Name == "Links").CheckHealthAsync(Cancellation);

    /// <summary>A part of the running instance.</summary>
    internal T Service<T>()
        where T : notnull => _running.Instance.Services.GetRequiredService<T>();

    /// <summary>What it keeps its links in.</summary>
    internal IDatabase Database => _running.Instance.Services.GetRequiredKeyedService<IDatabase>(LinkStore.SchemaName);

    /// <summary>Asks for a link.</summary>
    public async Task<HttpResponseMessage> PostAsync(object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address("/v1/urls")) { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await Http.SendAsync(request, Cancellation);
    }

    /// <summary>Makes a link.</summary>
    public async Task<JsonElement> MakeAsync(object body)
    {
        using var response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>Makes a link, of which only the code is wanted.</summary>
    public async Task<string> CodeAsync(object body) => CodeOf(await MakeAsync(body));

    /// <summary>Follows a link.</summary>
    /// <param name="codeAndQuery">What stands behind the host.</param>
    /// <param name="headers">Of the request.</param>
    public async Task<HttpResponseMessage> FollowAsync(string codeAndQuery, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("/" + codeAndQuery));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, Cancellation);
    }

    /// <summary>Where a link leads; null where it leads nowhere.</summary>
    public async Task<string?> LocationAsync(string codeAndQuery)
    {
        using var response = await FollowAsync(codeAndQuery);

        // As it was sent: .NET knows fewer addresses than the standard has.
        return response.Headers.NonValidated.TryGetValues("Location", out var sent) ? sent.ToString() : null;
    }

    /// <summary>The status that following a link has.</summary>
    public async Task<HttpStatusCode> StatusAsync(string code)
    {
        using var response = await FollowAsync(code);
        return response.StatusCode;
    }

    /// <summary>Changes a link.</summary>
    /// <param name="code">Which.</param>
    /// <param name="patch">JSON.</param>
    /// <param name="ifMatch">The tag that it must have.</param>
    public Task<HttpResponseMessage> EditAsync(string code, string patch, EntityTagHeaderValue? ifMatch = null) =>
        ChangeAsync(HttpMethod.Patch, code, new StringContent(patch, new MediaTypeHeaderValue("application/merge-patch+json")), ifMatch);

    /// <summary>Deletes a link.</summary>
    public Task<HttpResponseMessage> DeleteAsync(string code, EntityTagHeaderValue? ifMatch = null) =>
        ChangeAsync(HttpMethod.Delete, code, null, ifMatch);

    /// <summary>A GET below <c>/v1/urls</c>.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(Address("/v1/urls/" + path), Cancellation);

    /// <summary>A listing.</summary>
    public Task<HttpResponseMessage> ListAsync(string query = "") => Http.GetAsync(Address("/v1/urls?" + query), Cancellation);

    /// <summary>A link as the API shows it.</summary>
    public async Task<JsonElement> LinkAsync(string code)
    {
        using var response = await GetAsync(code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>A link's statistics.</summary>
    public async Task<JsonElement> StatsAsync(string code, string query = "")
    {
        using var response = await GetAsync($"{code}/stats{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>A code's number.</summary>
    internal long NumberOf(string code)
    {
        Assert.True(Service<CodeBook>().Space.TryNumber(code, out var number));
        return number;
    }

    public static string CodeOf(JsonElement link) => link.GetProperty("code").GetString()!;

    public static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

    /// <summary>Checks that an answer is a problem.</summary>
    public static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string problem, string? member = null)
    {
        Assert.Equal(status, response.StatusCode);
        var body = await ReadAsync(response);
        Assert.Equal($"/docs/problems/{problem}", body.GetProperty("type").GetString());
        if (member is not null)
            Assert.Equal(member, body.GetProperty("member").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunAsync((string Name, string Text)[] settings) => _running = await RunningInstance.StartAsync(
        _folder.Path, Time, [new MemoryCacheModule(), new CachingModule(), new LinksModule()],
        [(DatabaseSettings.Connection, Connection), .. settings.Select(s => (Settings.Single(o => o.Name == s.Name), s.Text))]);

    private async Task<HttpResponseMessage> ChangeAsync(HttpMethod method, string code, HttpContent? content, EntityTagHeaderValue? ifMatch)
    {
        using var request = new HttpRequestMessage(method, Address("/v1/urls/" + code)) { Content = content };
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(ifMatch);
        return await Http.SendAsync(request, Cancellation);
    }

    private static Uri Address(string path) => new(path, UriKind.Relative);
}
