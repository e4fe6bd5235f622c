using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>A benchmark whose worker is our server (<see cref="CacheWorker"/>).</summary>
internal abstract class ServedBenchmark : Benchmark
{
    /// <inheritdoc/>
    public sealed override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(argument, output, cancellationToken);
}
