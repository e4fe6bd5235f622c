using Groundwork.Console.Pages.Modules;
using Groundwork.Platform.Telemetry.Recent;

namespace Groundwork.Console.Tests.Modules;

/// <summary>A module's own metrics, as its page names them.</summary>
public sealed class OwnCountTests
{
    private static readonly KeyValuePair<string, string> Links = new("schema", "links");

    [Fact]
    public void A_histogram_is_one_count_by_its_mean_and_its_rate()
    {
        var count = Assert.Single(OwnCount.Of("Database",
        [
            Of("groundwork_database_commit_duration_seconds_count", SeriesKind.Counter, 40, 0, 8),
            Of("groundwork_database_commit_duration_seconds_sum", SeriesKind.Counter, 0.4, 0, 0.02),
        ]));

        Assert.Equal("Commit duration, links", count.Name);
        Assert.Equal("2.5\u202fms", count.Value);
        Assert.Equal("8\u202f/s, 40", count.Total);
        Assert.Null(count.Points[^2]);
        Assert.Equal(0.0025, count.Points[^1]!.Value, 6);
    }

    [Fact]
    public void Where_nothing_came_of_late_the_mean_is_that_of_all()
    {
        var count = Assert.Single(OwnCount.Of("Database",
        [
            Of("groundwork_database_batch_size_count", SeriesKind.Counter, 4, 0, 0),
            Of("groundwork_database_batch_size_sum", SeriesKind.Counter, 10, 0, 0),
        ]));

        Assert.Equal("Batch size, links", count.Name);
        Assert.Equal("2.5", count.Value);
    }

    [Fact]
    public void Counters_are_rates_and_gauges_are_values()
    {
        Assert.Equal(
            ["Redirects, links: 3\u202f/s of 70", "Memory used, links: 2\u202fKiB of ", "Leases, links: 5 of "],
            OwnCount.Of("Links",
            [
                Of("groundwork_links_redirects_total", SeriesKind.Counter, 70, 3),
                Of("groundwork_links_memory_used_bytes", SeriesKind.Gauge, 2048, 2048),
                Of("groundwork_links_leases", SeriesKind.Gauge, 5, 5),
            ]).Select(c => $"{c.Name}: {c.Value} of {c.Total}"));
    }

    private static RecentSeries Of(string name, SeriesKind kind, double latest, params double[] points) =>
        new(name, "", [Links], kind, latest, [.. points.Select(p => new SeriesPoint(DateTimeOffset.UnixEpoch, p))]);
}
