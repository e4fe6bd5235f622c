using System.Globalization;
using System.Net;
using System.Text;
using Groundwork.Platform.Experiments.Load;
using Groundwork.Ports.Experiments;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// What a limit adds to a request: the program with a policy on each store beside one whose policy is for other requests, each at half of what it can do with that store.
/// </summary>
/// <remarks>Requests arrive at a fixed rate (an open loop), and each is timed from when it was due.</remarks>
internal sealed class AddedBenchmark : Benchmark
{
    private const int Connections = 64;
    private const int Callers = 10_000;

    private const string Asked = "/v1/limits";
    private const string Other = "/v1/limits/{policy}";

    // Until then the compiler goes over what is used often, and takes a fifth of the processor's time for it.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override string Name => "limits.added";

    /// <inheritdoc/>
    public override string Work =>
        $"GET of the list of policies by one of {Callers:N0} callers at random, over {Connections} connections, at half of the rate that the program with that store can do; "
        + "added is the slowest hundredth with the limit less the slowest hundredth of a program that has the policy too, but for another route, at the same rate.";

    /// <inheritdoc/>
    public override string Unit => "requests";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (StoreSet.Missing(context) is { } missing)
            return [Contender.Absent("in the program", missing)];

        var plain = await StartAsync("plain", "", Other);
        var contenders = new List<Contender>();
        contenders.Add(await LimitedAsync("in the program", "", plain.DisposeAsync));
        var random = new Random();
        var ours = await StoreProgram.StartOursAsync(context, random, cancellationToken);
        contenders.Add(await LimitedAsync("another copy's cache", ours.Connection, ours.DisposeAsync));
        if (RedisProcess.Missing is { } without)
        {
            contenders.Add(Contender.Absent("redis-server", without));
            return contenders;
        }

        var redis = await StoreProgram.StartRedisAsync(random, cancellationToken);
        contenders.Add(await LimitedAsync("redis-server", redis.Connection, redis.DisposeAsync));
        return contenders;

        async Task<IExperimentProgram> StartAsync(string name, string connection, string route)
        {
            var policies = Path.Combine(context.Folder, $"{name}.json");
            await File.WriteAllTextAsync(policies, Policies(route), cancellationToken);
            return await context.StartProgramAsync(
                Path.Combine(context.Folder, name),
                ["--Database:Connection=", $"--Cache:Connection={connection}", "--Cache:Timeout=5s", $"--RateLimits:Policies={policies}"],
                cancellationToken);
        }

        async Task<Contender> LimitedAsync(string name, string connection, Func<ValueTask> end)
        {
            var program = await StartAsync(name.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal), connection, Asked);
            var warmUp = context.Smoke ? WarmUp / 100 : WarmUp;
            var (limited, unlimited) = (Load(program.Address), Load(plain.Address));
            await limited.RunClosedAsync(warmUp, cancellationToken);
            await unlimited.RunClosedAsync(warmUp, cancellationToken);
            var most = await limited.RunClosedAsync(TimeSpan.FromSeconds(context.Smoke ? 0.1 : 3), cancellationToken);
            var (rate, duration) = ((int)Math.Max(100, most.Operations / most.Elapsed.TotalSeconds / 2), TimeSpan.FromSeconds(context.Smoke ? 0.1 : 5));
            LoadResult? with = null;
            return new Contender(
                name,
                async token => (with = await limited.RunOpenAsync(rate, duration, token)).Operations,
                async () =>
                {
                    await program.DisposeAsync();
                    await end();
                },
                program.ProcessId)
            {
                OnlyServerCounts = true,
                FiguresAsync = async token =>
                {
                    var without = await unlimited.RunOpenAsync(rate, duration, token);
                    return
                    [
                        .. with!.Percentiles(),
                        .. without.Percentiles("without a limit "),
                        new Figure("added", with.Percentiles()[1].Value - without.Percentiles()[1].Value, FigureUnit.Milliseconds),
                    ];
                },
            };
        }
    }

    // Nobody is refused, and a request that nobody counts ends the run.
    private static string Policies(string route) =>
        $$"""
        { "policies": { "each": { "routes": ["{{route}}"], "by": ["header:X-Caller"], "limits": [ { "permits": 1000000, "period": "1s" } ], "store_down": "refuse" } } }
        """;

    private static HttpLoad Load(Uri address)
    {
        var random = new Random(1);
        var head = Encoding.ASCII.GetBytes($"GET {Asked} HTTP/1.1\r\nHost: {address.Authority}\r\nX-Caller: ");
        return new HttpLoad(address, Connections, HttpStatusCode.OK, buffer =>
        {
            head.CopyTo(buffer);
            random.Next(Callers).TryFormat(buffer[head.Length..], out var digits, default, CultureInfo.InvariantCulture);
            var at = head.Length + digits;
            "\r\n\r\n"u8.CopyTo(buffer[at..]);
            return at + 4;
        });
    }
}
