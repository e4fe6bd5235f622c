using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Groundwork.Testing.Instances;

namespace Groundwork.Platform.Tests.Http;

/// <summary>A real instance with a <see cref="ToyModule"/>, and shorthands to talk to it.</summary>
internal sealed class ToyInstance : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public ToyModule Toys { get; private init; } = null!;

    public RunningInstance Running { get; private set; } = null!;

    public HttpClient Client => Running.Client;

    public string Folder => _folder.Path;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ToyInstance> StartAsync(
        ToyModule? toys = null, TimeProvider? time = null, IReadOnlyList<Module>? others = null, params (Setting Setting, string Text)[] settings)
    {
        var toy = new ToyInstance { Toys = toys ?? new ToyModule() };
        toy.Running = await RunningInstance.StartAsync(toy._folder.Path, time ?? TimeProvider.System, [.. others ?? [], toy.Toys], settings);
        return toy;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<HttpResponseMessage> PostJsonAsync(string path, string json) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>Sends bytes as they are and returns all that comes back until the server closes.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", Running.Instance.Address!.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Checks that an answer is a problem of a kind, in every respect, and returns its members.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, string slug, int status)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"/docs/problems/{slug}", problem.GetProperty("type").GetString());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("trace_id").GetString()!);
        Assert.DoesNotContain("Groundwork", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetRawText(), StringComparison.Ordinal);
        return problem;
    }
}
