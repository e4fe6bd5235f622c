using System.Net.Http.Json;
using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Platform.Caching;
using Groundwork.Platform.Control;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.RateLimits.Envoy.Messages;
using Groundwork.RateLimits.Policies;
using Groundwork.Testing;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Instances;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests;

/// <summary>A real instance with a few endpoints, limited as a file says.</summary>
internal sealed class LimitedInstance : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private RunningInstance _running = null!;
    private GrpcChannel? _channel;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public HttpClient Client => _running.Client;

    public Instance Instance => _running.Instance;

    /// <summary>A client as Envoy is one: of the same protocol, over a connection of HTTP/2 without TLS.</summary>
    public RateLimitService.RateLimitServiceClient Envoy =>
        new(_channel ??= GrpcChannel.ForAddress(_running.Instance.Http2Address!, new GrpcChannelOptions { DisableResolverServiceConfig = true }));

    public ToyModule Toys { get; } = new();

    public MemoryLimits Store => _running.Instance.Services.GetRequiredService<MemoryLimits>();

    public PolicyBook Book => _running.Instance.Services.GetRequiredService<PolicyBook>();

    /// <param name="policies">What the file of policies has.</param>
    /// <param name="shared">The cache that copies share; the process' own where none is.</param>
    /// <param name="others">Modules besides.</param>
    public static async Task<LimitedInstance> StartAsync(string policies, ISharedCacheEngine? shared = null, params Module[] others)
    {
        var limited = new LimitedInstance();
        limited.Write(policies);
        var module = new RateLimitsModule();
        limited._running = await RunningInstance.StartAsync(
            limited._folder["data"], limited.Time, [new TableModule(), shared is null ? new CachingModule() : new CachingModule(shared), module, .. others, limited.Toys],
            (HttpOptions.ListenHttp2, "127.0.0.1:0"),
            (module.Settings.Single(s => s.Name == "RateLimits:Policies"), limited._folder["limits.json"]), (CacheSettings.Connection, shared?.Name ?? ""));
        return limited;
    }

    public void Write(string policies) => File.WriteAllText(_folder["limits.json"], $$"""{ "policies": { {{policies}} } }""");

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>What the API says to a take, or whatever the verb is.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(string policy, string verb, object body)
    {
        using var answer = await Client.PostAsJsonAsync($"/v1/limits/{policy}:{verb}", body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Makes a key through the control socket.</summary>
    public async Task<string> MakeKeyAsync(string name, params string[] scopes)
    {
        using var control = ControlClient.For(_folder["data"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "keys") { Content = JsonContent.Create(new { name, scopes }) };
        using var answer = await control.SendAsync(request, TestContext.Current.CancellationToken);
        var key = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return key.GetProperty("key").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _running.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class TableModule : Module
    {
        public override string Name => "Cache";

        public override string Summary => "A cache in a table.";

        public override bool IsFoundation => true;

        public override void Register(IServiceCollection services, SettingValues settings)
        {
            services.AddSingleton(provider => new MemoryCacheServer(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<Ports.Caching.ICacheServer>(provider => provider.GetRequiredService<MemoryCacheServer>());
            services.AddSingleton(provider => provider.GetRequiredService<MemoryCacheServer>().Limits);
        }
    }
}

/// <summary>A few endpoints.</summary>
internal sealed class ToyModule : Module, IRoutedModule
{
    public override string Name => "Toys";

    public override string Summary => "Toys.";

    /// <summary>A request waits.</summary>
    public TaskCompletionSource Entered { get; } = new();

    /// <summary>Lets it go.</summary>
    public TaskCompletionSource Release { get; } = new();

    public override void Register(IServiceCollection services, SettingValues settings)
    {
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var toys = routes.MapGroup("/v1/toys");
        toys.MapGet("/", () => "all").Public("A test.");
        toys.MapPost("/", () => "made").Public("A test.");
        toys.MapGet("/{id}", (string id) => id).Public("A test.");
        toys.MapGet("/dear", () => "dear").Public("A test.").Limited(null, cost: 5);
        toys.MapGet("/named", () => "named").Public("A test.").Limited("named");
        toys.MapGet("/wait", async () =>
        {
            Entered.TrySetResult();
            await Release.Task;
            return "done";
        }).Public("A test.");
    }
}
