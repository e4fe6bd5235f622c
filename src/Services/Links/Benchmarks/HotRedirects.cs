using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>What following a link costs over answering anything at all.</summary>
internal sealed class HotRedirects : Benchmark
{
    private const int Links = 1000;
    private const int Connections = 64;

    public override string Name => "links.redirect.hot";

    public override string Work =>
        $"{Links} links followed again and again over {Connections} connections, each as soon as the last answer is there; clicks counted, telemetry on. "
        + "The rivals answer the same to everything.";

    public override string Unit => "redirects";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, Links, cancellationToken);
        var requests = links.Uniform(100_000, seed: 1);
        var ours = await LoadedServer.StartAsync(context, context.Folder, [], cancellationToken);
        var idle = ours.ResidentBytes();
        var (worker, address) = await BareKestrel.StartAsync(context, cancellationToken);
        var bare = new LoadedServer(address, worker.ProcessId, worker.DisposeAsync, context.Smoke);
        var follow = await ours.FollowedAsync("Groundwork", Connections, requests.Write, cancellationToken);
        return
        [
            follow with
            {
                FiguresAsync = async token =>
                    [.. await follow.FiguresAsync!(token), new Figure("before the load", idle, FigureUnit.Bytes)],
            },
            await bare.FollowedAsync("Kestrel alone, a constant 302", Connections, requests.Write, cancellationToken),
            await NginxAsync(context, requests, cancellationToken),
        ];
    }

    public override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        BareKestrel.ServeAsync(output, cancellationToken);

    private static async Task<Contender> NginxAsync(IBenchmarkContext context, RedirectRequests requests, CancellationToken cancellationToken)
    {
        const string Constant = "nginx, return 302";
        if (Nginx.Program is not { } program)
            return Contender.Absent(Constant, "nginx is not installed (Debian: apt-get install nginx-light).");
        var nginx = await Nginx.StartAsync(program, Path.Combine(context.Folder, "nginx"), cancellationToken);
        return await new LoadedServer(nginx.Address, nginx.ProcessId, nginx.DisposeAsync, context.Smoke)
            .FollowedAsync(Constant, Connections, requests.Write, cancellationToken);
    }
}
