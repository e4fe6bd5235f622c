using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Broker.Benchmarks.Load;

/// <summary>How latencies are reported.</summary>
internal static class Percentiles
{
    /// <summary>The percentiles that matter.</summary>
    /// <param name="latency">In microseconds.</param>
    /// <param name="of">Of what, where a benchmark measures several: put before their names.</param>
    public static IEnumerable<Figure> Of(LatencyHistogram latency, string of = "") =>
        ((double[])[50, 99, 99.9]).Select(part => new Figure(FormattableString.Invariant($"{of}p{part}"), latency.Percentile(part / 100) / 1000.0, FigureUnit.Milliseconds));
}
