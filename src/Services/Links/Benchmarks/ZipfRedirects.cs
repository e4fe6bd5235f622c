using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>What the cache makes of links of which few are popular, with the memory that it has by default.</summary>
internal sealed class ZipfRedirects : Benchmark
{
    private const int Connections = 64;

    public override string Name => "links.redirect.zipf";

    public override string Work =>
        $"One million links followed as often as their rank says (Zipf, exponent 1) over {Connections} connections, with the default cache; beside the same "
        + "with only a thousand of them.";

    public override string Unit => "redirects";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, context.Smoke ? 10_000 : 1_000_000, cancellationToken);
        var (zipf, hot) = (links.Zipf(context.Smoke ? 10_000 : 4_000_000, seed: 1), (links with { Count = 1000 }).Uniform(100_000, seed: 1));
        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        return
        [
            await ours.FollowedAsync("Groundwork, one million links", Connections, zipf.Write, cancellationToken),
            await ours.FollowedAsync("Groundwork, a thousand links", Connections, hot.Write, cancellationToken),
        ];
    }
}
