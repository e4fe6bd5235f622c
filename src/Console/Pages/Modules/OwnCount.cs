using Groundwork.Console.Design;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Pages.Modules;

/// <summary>One of a module's own metrics in words, as its page shows it. Immutable.</summary>
/// <param name="Name">What it is: <c>Commit duration, links</c>.</param>
/// <param name="Help">What it is in a sentence, where its module says.</param>
/// <param name="Value">How much, or how often; the mean, where sizes or times are counted.</param>
/// <param name="Total">How many there were; empty where it is no count.</param>
/// <param name="Points">The same over the last minutes.</param>
internal sealed record OwnCount(string Name, string Help, string Value, string Total, IReadOnlyList<double?> Points)
{
    private const string Prefix = "groundwork_";
    private const string Sum = "_sum";
    private const string Count = "_count";

    /// <summary>A module's metrics; the two series of a histogram are one of them.</summary>
    public static IEnumerable<OwnCount> Of(string module, IReadOnlyList<RecentSeries> metrics)
    {
        var counts = metrics.Where(m => m.Name.EndsWith(Count, StringComparison.Ordinal)).ToDictionary(IdOf, StringComparer.Ordinal);
        var sums = metrics.Where(m => m.Name.EndsWith(Sum, StringComparison.Ordinal)).Select(IdOf).ToHashSet(StringComparer.Ordinal);
        foreach (var series in metrics)
        {
            if (series.Name.EndsWith(Sum, StringComparison.Ordinal) && counts.TryGetValue(IdOf(series), out var count))
                yield return OfHistogram(module, series, count);
            else if (!series.Name.EndsWith(Count, StringComparison.Ordinal) || !sums.Contains(IdOf(series)))
                yield return OfOne(module, series);
        }
    }

    // What a sum says is its mean: of all since the start, where nothing came of late.
    private static OwnCount OfHistogram(string module, RecentSeries sum, RecentSeries count)
    {
        var name = sum.Name[..^Sum.Length];
        var (sums, counts) = (Pulse.Values(sum), Pulse.Values(count));
        IReadOnlyList<double?> means = [.. sums.Zip(counts, static (s, c) => c > 0 ? s / c : null)];
        var mean = means.LastOrDefault(m => m is not null) ?? (count.Latest > 0 ? sum.Latest / count.Latest : null);
        return new(NameOf(module, name, sum), sum.Help, Written(name, mean), $"{Format.Rate(Pulse.Now(count))}, {Format.Number(count.Latest)}", means);
    }

    private static OwnCount OfOne(string module, RecentSeries series)
    {
        var isCount = series.Kind == SeriesKind.Counter && !series.Name.EndsWith("_bytes", StringComparison.Ordinal);
        return new(
            NameOf(module, series.Name, series), series.Help,
            isCount ? Format.Rate(Pulse.Now(series)) : Written(series.Name, series.Latest),
            isCount ? Format.Number(series.Latest) : "", Pulse.Values(series));
    }

    private static string Written(string name, double? value) =>
        name.EndsWith("_bytes", StringComparison.Ordinal) ? Format.Bytes(value)
        : name.EndsWith("_seconds", StringComparison.Ordinal) ? Pulse.Seconds(value)
        : Format.Number(value);

    // groundwork_links_cache_lookups_total {result="hit"} is "Cache lookups, hit" on the page of Links.
    private static string NameOf(string module, string metric, RecentSeries series)
    {
        var name = metric[Prefix.Length..].Replace('_', ' ');
        if (name.StartsWith(module + " ", StringComparison.OrdinalIgnoreCase))
            name = name[(module.Length + 1)..];
        foreach (var end in new[] { " total", " bytes", " seconds" })
        {
            if (name.EndsWith(end, StringComparison.Ordinal))
                name = name[..^end.Length];
        }

        name = char.ToUpperInvariant(name[0]) + name[1..];
        return string.Join(", ", [name, .. series.Labels.Select(l => l.Value)]);
    }

    private static string IdOf(RecentSeries series)
    {
        var name = series.Name.EndsWith(Sum, StringComparison.Ordinal) ? series.Name[..^Sum.Length] : series.Name[..^Count.Length];
        return string.Join('|', [name, .. series.Labels.Select(l => $"{l.Key}={l.Value}")]);
    }
}
