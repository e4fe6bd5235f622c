using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Benchmarks;

/// <summary>What ten times as many links cost an operation: the same, if the design holds.</summary>
/// <param name="unit">What one operation is called.</param>
/// <param name="work">What is done.</param>
internal sealed class ScaledLinks(string unit, string work) : Benchmark
{
    private const int Connections = 64;

    // Every redirect goes to the database: a cache would hide what this is about.
    private const string LeastCache = "--Links:CacheSize=1MiB";

    /// <summary>Both kinds.</summary>
    public static IReadOnlyList<ScaledLinks> All { get; } =
    [
        new("redirects", $"Links followed at random over {Connections} connections, with the smallest cache, among 10 million and among 1 million of them."),
        new("creates", $"Links made over {Connections} connections, each acknowledged after its fsync, beside 10 million and beside 1 million of them."),
    ];

    public override string Name => $"links.scale.{unit}";

    public override string Work => work;

    public override string Unit => unit;

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        const string Many = "Groundwork, 10 million links";
        const string Few = "Groundwork, 1 million links";
        if (context.Services.GetRequiredService<SettingValues>().Get(DatabaseSettings.Connection).Length > 0)
        {
            const string OneDatabase = "Two sizes want two databases, and Database:Connection names one.";
            return [Contender.Absent(Many, OneDatabase), Contender.Absent(Few, OneDatabase)];
        }

        return
        [
            await ContenderAsync(context, Many, context.Smoke ? 20_000 : 10_000_000, cancellationToken),
            await ContenderAsync(context, Few, context.Smoke ? 2_000 : 1_000_000, cancellationToken),
        ];
    }

    private async Task<Contender> ContenderAsync(IBenchmarkContext context, string name, long count, CancellationToken cancellationToken)
    {
        var folder = LoadedServer.MakeFolder(context, $"{count}");
        var links = await LinkSet.MakeAsync(context.Services, folder, count, cancellationToken);
        var server = await LoadedServer.StartAsync(context, folder, [LeastCache], cancellationToken);
        return unit == "creates"
            ? await server.CreatedAsync(name, Connections, new CreateRequests().Write, cancellationToken)
            : await server.FollowedAsync(name, Connections, links.Uniform(context.Smoke ? 20_000 : 2_000_000, seed: 1).Write, cancellationToken);
    }
}
