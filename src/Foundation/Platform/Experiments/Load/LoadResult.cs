using System.Diagnostics;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Platform.Experiments.Load;

/// <summary>What a load saw.</summary>
/// <param name="Operations">How many requests were answered.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latency">How long answers took, in ticks of <see cref="Stopwatch"/>.</param>
public sealed record LoadResult(long Operations, TimeSpan Elapsed, LatencyHistogram Latency)
{
    /// <summary>The median and the slowest hundredth and thousandth, as figures.</summary>
    /// <param name="prefix">Comes before their names; empty where there is only one kind of request.</param>
    public IReadOnlyList<Figure> Percentiles(string prefix = "") =>
    [
        At(prefix + "p50", 0.5),
        At(prefix + "p99", 0.99),
        At(prefix + "p99.9", 0.999),
    ];

    private Figure At(string name, double part) =>
        new(name, Latency.Percentile(part) * 1000.0 / Stopwatch.Frequency, FigureUnit.Milliseconds);
}
