using System.Globalization;
using System.Text;
using Groundwork.Ports.Experiments;
using Groundwork.RateLimits.Envoy.Messages;
using Grpc.Net.Client;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// A take by Envoy's protocol beside the same by HTTP, from the same server, which counts in its own memory: of the processor's time that of the server.
/// </summary>
internal sealed class EnvoyBenchmark : Benchmark
{
    private const int Keys = 10_000;
    private const int Callers = 32;
    private const int Operations = 50_000;

    private const string Policies = """
        { "policies": { "peers": {
          "descriptor": { "domain": "bench", "entries": ["remote_address"] },
          "limits": [ { "permits": 100, "period": "1s" } ] } } }
        """;

    /// <inheritdoc/>
    public override string Name => "limits.envoy";

    /// <inheritdoc/>
    public override string Work =>
        $"A permit of one of {Keys:N0} keys at random by {Callers} callers, asked for as Envoy does over one connection, and by POST of JSON over {Callers}.";

    /// <inheritdoc/>
    public override string Unit => "calls";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var file = Path.Combine(context.Folder, "limits.json");
        await File.WriteAllTextAsync(file, Policies, cancellationToken);
        var http2 = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{LastingPort.Next(new Random())}");
        var program = await context.StartProgramAsync(
            Path.Combine(context.Folder, "server"),
            ["--Database:Connection=", "--Cache:Connection=", $"--RateLimits:Policies={file}", $"--Http:ListenHttp2={http2}"],
            cancellationToken);
        var channel = GrpcChannel.ForAddress($"http://{http2}");
        var envoy = new RateLimitService.RateLimitServiceClient(channel);
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = program.Address };
        var take = new Uri("/v1/limits/peers:take", UriKind.Relative);
        var count = context.Smoke ? Operations / 100 : Operations;
        return
        [
            Called("gRPC", async (key, token) => await envoy.ShouldRateLimitAsync(Request(key), cancellationToken: token), EndAsync),
            Called(":take", async (key, token) =>
            {
                using var content = new StringContent($$"""{"key":"{{key}}"}""", Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(take, content, token);
                answer.EnsureSuccessStatusCode();
            }),
        ];

        async ValueTask EndAsync()
        {
            channel.Dispose();
            http.Dispose();
            await program.DisposeAsync();
        }

        Contender Called(string name, Func<string, CancellationToken, Task> callAsync, Func<ValueTask>? end = null) =>
            new(name, token => RunAsync(count, callAsync, token), end, program.ProcessId) { OnlyServerCounts = true };
    }

    private static RateLimitRequest Request(string key) => new()
    {
        Domain = "bench",
        Descriptors = { new RateLimitDescriptor { Entries = { new RateLimitDescriptor.Types.Entry { Key = "remote_address", Value = key } } } },
    };

    private static async Task<long> RunAsync(int count, Func<string, CancellationToken, Task> callAsync, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                var random = new Random(caller);
                for (var i = 0; i < count / Callers; i++)
                    await callAsync(random.Next(Keys).ToString(CultureInfo.InvariantCulture), cancellationToken);
            },
            cancellationToken)));
        return count / Callers * Callers;
    }
}
