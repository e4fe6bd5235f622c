using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>What a redirect costs that the cache knows nothing of.</summary>
internal sealed class MissedRedirects : Benchmark
{
    private const int Connections = 64;

    public override string Name => "links.redirect.misses";

    public override string Work =>
        $"One million links followed in turn over {Connections} connections, with the smallest cache: each is read from the database. Beside it, links that are cached.";

    public override string Unit => "redirects";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, context.Smoke ? 20_000 : 1_000_000, cancellationToken);
        var hot = (links with { Count = 1000 }).Uniform(100_000, seed: 1);
        var ours = await LoadedServer.StartAsync(context, context.Folder, ["--Links:CacheSize=1MiB"], cancellationToken);
        return
        [
            await ours.FollowedAsync("Groundwork, not one is cached", Connections, links.EachInTurn().Write, cancellationToken),
            await ours.FollowedAsync("Groundwork, all are cached", Connections, hot.Write, cancellationToken),
        ];
    }
}
