using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>What <c>groundwork bench broker</c> measures.</summary>
internal static class BrokerBenchmarks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
        [.. ProduceBenchmark.All, .. ConsumeBenchmark.All, new CatchUpBenchmark(), new LatencyBenchmark(), new GrowthBenchmark(), new StartBenchmark()];
}
