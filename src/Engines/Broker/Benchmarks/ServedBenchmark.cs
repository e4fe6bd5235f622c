using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>A benchmark whose worker is a server: ours, or one that takes everything and keeps nothing (<see cref="ServerWorker"/>).</summary>
internal abstract class ServedBenchmark : Benchmark
{
    /// <inheritdoc/>
    public sealed override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        ServerWorker.RunAsync(argument, output, cancellationToken);
}
