namespace Groundwork.Platform.Experiments.Benchmarks;

/// <summary>What several rounds gave: the middle, and how far apart they were. Robust against one round that the machine disturbed.</summary>
public sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Of at least one finite number; the median of an even count is the mean of the middle two.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(values));
        return new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>Of one series over another, pair by pair; null where a pair has no ratio (too short to be measured).</summary>
    public static Spread? OfRatios(IEnumerable<double> numerators, IEnumerable<double> denominators)
    {
        var ratios = numerators.Zip(denominators, (a, b) => a / b).ToArray();
        return ratios.All(r => double.IsFinite(r) && r > 0) ? Of(ratios) : null;
    }
}
