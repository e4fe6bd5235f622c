using System.Diagnostics;
using System.Globalization;
using System.Net;
using Groundwork.Platform.Experiments.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// What a sweep costs those who follow links meanwhile: two servers with as many links, of which one always has some to sweep. Each
/// stands still while the other is asked.
/// </summary>
internal sealed class SweptRedirects : Benchmark
{
    private const int PerSecond = 5_000;
    private const int Connections = 64;

    public override string Name => "links.sweep";

    public override string Work =>
        $"{PerSecond} redirects arrive each second (an open loop; latency counts from when they were due) over 10 million links as often as their rank says "
        + "(Zipf, exponent 1), while expired links are swept, batch after batch; beside the same where nothing is swept.";

    public override string Unit => "redirects";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return [Contender.Absent("Groundwork", "one server must stand still while the other is asked, which wants Linux's signals")];
        return
        [
            await ContendAsync(context, "sweeping", expired: 1_000_000, cancellationToken),
            await ContendAsync(context, "not sweeping", expired: 0, cancellationToken),
        ];
    }

    private static async Task<Contender> ContendAsync(IBenchmarkContext context, string name, int expired, CancellationToken cancellationToken)
    {
        var folder = LoadedServer.MakeFolder(context, name.Replace(' ', '-'));
        if (expired > 0)
            await LinkSet.MakeExpiredAsync(context.Services, folder, context.Smoke ? 1_000 : expired, cancellationToken);
        var links = await LinkSet.MakeAsync(context.Services, folder, context.Smoke ? 10_000 : 10_000_000, cancellationToken);
        var server = await LoadedServer.StartAsync(context, folder, [], cancellationToken);
        var load = new HttpLoad(server.Address, Connections, HttpStatusCode.Found, links.Zipf(context.Smoke ? 10_000 : 4_000_000, seed: 1).Write);
        var duration = context.Smoke ? TimeSpan.FromSeconds(0.2) : TimeSpan.FromSeconds(8);
        LoadResult? last = null;

        await load.RunOpenAsync(PerSecond, context.Smoke ? duration : TimeSpan.FromSeconds(20), cancellationToken);
        await SignalAsync("STOP", server.ProcessId, cancellationToken);
        return new Contender($"Groundwork, {name}", RunAsync, server.Dispose, server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([.. last!.Percentiles()]),
        };

        async Task<long> RunAsync(CancellationToken token)
        {
            await SignalAsync("CONT", server.ProcessId, token);
            last = await load.RunOpenAsync(PerSecond, duration, token);
            await SignalAsync("STOP", server.ProcessId, token);
            return last.Operations;
        }
    }

    private static async Task SignalAsync(string signal, int process, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process}")]);
        await kill.WaitForExitAsync(cancellationToken);
    }
}
