using System.Net;
using Groundwork.Platform.Experiments.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>Whether the load that the design was estimated for is served in time, whatever goes on beside it.</summary>
internal sealed class RatedLoad : Benchmark
{
    private const int RedirectsPerSecond = 10_000;
    private const int CreatesPerSecond = 100;
    private const int Connections = 256;

    public override string Name => "links.load";

    public override string Work =>
        $"{RedirectsPerSecond} redirects and {CreatesPerSecond} creates arrive each second, whether they are answered or not (an open loop; latency counts from "
        + "when they were due), over 10 million links as often as their rank says (Zipf, exponent 1), while a million expired ones are swept.";

    public override string Unit => "requests";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (factor, duration) = context.Smoke ? (10, TimeSpan.FromSeconds(0.3)) : (1, TimeSpan.FromSeconds(20));
        await LinkSet.MakeExpiredAsync(context.Services, context.Folder, context.Smoke ? 100 : 1_000_000, cancellationToken);
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, context.Smoke ? 10_000 : 10_000_000, cancellationToken);
        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        var redirects = new HttpLoad(ours.Address, Connections, HttpStatusCode.Found, links.Zipf(context.Smoke ? 10_000 : 4_000_000, seed: 1).Write);
        var creates = new HttpLoad(ours.Address, Connections, HttpStatusCode.Created, new CreateRequests().Write);
        LoadResult? followed = null;
        LoadResult? made = null;
        return
        [
            new Contender("Groundwork", RunAsync, ours.Dispose, ours.ProcessId)
            {
                OnlyServerCounts = true,
                FiguresAsync = _ => new(
                [
                    .. followed!.Percentiles("redirect "),
                    .. made!.Percentiles("create "),
                    new Figure("resident memory", ours.ResidentBytes(), FigureUnit.Bytes),
                ]),
            },
        ];

        async Task<long> RunAsync(CancellationToken token)
        {
            var following = redirects.RunOpenAsync(RedirectsPerSecond / factor, duration, token);
            var making = creates.RunOpenAsync(CreatesPerSecond, duration, token);
            followed = await following;
            made = await making;
            return followed.Operations + made.Operations;
        }
    }
}
