using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Platform.Control;
using Groundwork.Platform.Data;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Sqlite;
using Groundwork.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Access;

/// <summary>Real instances on one data folder, with the toy module; and the few requests that the tests make.</summary>
internal sealed class AccessInstance : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private Instance? _instance;
    private HttpClient? _client;

    /// <summary>The clock of all of them.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public ToyLog Log { get; } = new();

    public Instance Instance => _instance!;

    public TempFolder Folder => _folder;

    /// <summary>Talks to it without any credential.</summary>
    public HttpClient Client => _client ??= new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Reachable(Instance.Address!) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A wildcard is not an address to call.
    private static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    public static async Task<AccessInstance> StartedAsync(params (Setting Setting, string Text)[] settings)
    {
        var access = new AccessInstance();
        try
        {
            await access.StartAsync(settings);
            return access;
        }
        catch
        {
            await access.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync(params (Setting Setting, string Text)[] settings) =>
        await StartAsync(new InstanceOptions { Time = Time }, [new AccessModule(), new ToyModule(Log)], settings);

    public async Task StartAsync(InstanceOptions options, IReadOnlyList<Module> modules, params (Setting Setting, string Text)[] settings)
    {
        (Setting, string)[] listen = settings.Any(s => s.Setting == HttpOptions.Listen) ? [] : [(HttpOptions.Listen, "127.0.0.1:0")];
        (Setting, string)[] http2 = settings.Any(s => s.Setting == HttpOptions.ListenHttp2) ? [] : [(HttpOptions.ListenHttp2, "none")];
        var values = SettingValues.Of([(ProgramSettings.Data, _folder.Path), .. listen, .. http2, .. settings]);
        _instance = Instance.Build([new HttpModule(), new DatabaseModule(new SqliteEngine()), .. modules], values, options);
        await _instance.StartAsync(Cancellation);
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_instance is not null)
            await _instance.DisposeAsync();
        _instance = null;
    }

    /// <summary>Makes a key through the control socket.</summary>
    public async Task<(string Id, string Key)> MakeKeyAsync(string name, params string[] scopes)
    {
        using var response = await ControlAsync(HttpMethod.Post, "keys", new { name, scopes });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var key = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    /// <summary>A request through the control socket.</summary>
    public async Task<HttpResponseMessage> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var control = ControlClient.For(_folder.Path);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await control.SendAsync(request, Cancellation);
    }

    /// <summary>A request with headers.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>The status of a GET of the toys with a bearer credential; or of another method or path.</summary>
    public async Task<HttpStatusCode> StatusAsync(string? credential, HttpMethod? method = null, string path = "v1/toys")
    {
        (string, string)[] headers = credential is null ? [] : [("Authorization", $"Bearer {credential}")];
        using var response = await SendAsync(method ?? HttpMethod.Get, path, headers);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
