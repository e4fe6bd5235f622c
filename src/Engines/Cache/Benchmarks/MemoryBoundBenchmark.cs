using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// Whether the bound of memory is one of the process: its resident memory under a load that changes the sizes of what it keeps, sampled all the
/// time, in a process that does nothing else. There is no rival; the goal is 1.3 times the bound at the worst moment.
/// </summary>
internal sealed class MemoryBoundBenchmark : Benchmark
{
    private const int Operations = 20_000_000;

    /// <inheritdoc/>
    public override string Name => "cache.memory.bound";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{Operations:N0} gets, sets, removals of values of 16 bytes to 16 KiB whose sizes and lives change with time, through the Cache port, within 256 MiB.");

    /// <inheritdoc/>
    public override string Unit => "operations";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<Figure> last = [];
        var isWarm = false;
        return Task.FromResult<IReadOnlyList<Contender>>(
        [
            new Contender(
                "Groundwork",
                async token =>
                {
                    // A process of its own for each round: the first one has nothing to warm up.
                    var count = context.Smoke ? Operations / 200 : isWarm ? Operations : Operations / 40;
                    isWarm = true;
                    await using var worker = context.StartWorker(count.ToString(CultureInfo.InvariantCulture));
                    await foreach (var line in worker.ReadLinesAsync(token))
                    {
                        last = MixedLoad.Read(line);
                        return count;
                    }

                    throw new InvalidOperationException("The worker ended before its work.");
                })
            {
                FiguresAsync = _ => ValueTask.FromResult(last),
            },
        ]);
    }

    /// <inheritdoc/>
    public override async Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(await MixedLoad.RunAsync(int.Parse(argument, CultureInfo.InvariantCulture), cancellationToken));
        await output.FlushAsync(cancellationToken);
    }
}
