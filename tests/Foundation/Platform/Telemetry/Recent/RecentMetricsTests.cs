using System.Globalization;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Telemetry.Recent;

public sealed class RecentMetricsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecentMetrics _metrics;
    private readonly GoldenSignals _signals;

    public RecentMetricsTests()
    {
        _metrics = new(_time);
        _signals = new(_metrics);
    }

    [Fact]
    public void A_count_is_shown_as_what_came_per_second_and_a_gauge_as_it_was()
    {
        Sample("# TYPE groundwork_toys_made_total counter", "groundwork_toys_made_total{kind=\"ball\",otel_scope_name=\"x\"} 1000", "# TYPE groundwork_toys_kept gauge", "groundwork_toys_kept 5");
        Sample("# TYPE groundwork_toys_made_total counter", "groundwork_toys_made_total{kind=\"ball\",otel_scope_name=\"x\"} 1010", "# TYPE groundwork_toys_kept gauge", "groundwork_toys_kept 5");
        Sample("# TYPE groundwork_toys_made_total counter", "groundwork_toys_made_total{kind=\"ball\",otel_scope_name=\"x\"} 1040", "# TYPE groundwork_toys_kept gauge", "groundwork_toys_kept 2");

        var own = _signals.OwnMetrics("Toys", TimeSpan.FromMinutes(1), Second);
        Assert.Equal(["groundwork_toys_kept", "groundwork_toys_made_total"], own.Select(s => s.Name));
        Assert.Equal([5, 2], own[0].Points.Select(p => p.Value));
        Assert.Equal([10, 30], own[1].Points.Select(p => p.Value));
        Assert.Equal(1040, own[1].Latest);
        Assert.Equal([new("kind", "ball")], own[1].Labels);
        Assert.Equal(20, Assert.Single(_signals.OwnMetrics("Toys", TimeSpan.FromMinutes(1), RecentMetrics.MaxAge)[1].Points).Value);
    }

    [Fact]
    public void A_count_that_begins_anew_or_is_new_counts_from_nothing()
    {
        Sample("# TYPE a counter", "a 100");
        Sample("# TYPE a counter", "a 7", "# TYPE b counter", "b 3");
        Assert.Equal(7, Assert.Single(_metrics.Find("a", TimeSpan.FromMinutes(1), Second)[0].Points).Value);
        Assert.Equal(3, Assert.Single(_metrics.Find("b", TimeSpan.FromMinutes(1), Second)[0].Points).Value);
    }

    [Fact]
    public void A_gauge_that_did_not_change_for_longer_than_is_kept_still_has_its_value()
    {
        Sample("# TYPE a gauge", "a 1");
        Sample("# TYPE a gauge", "a 5");
        for (var i = 0; i < 1000; i++)
            Sample("# TYPE a gauge", "a 5");
        var points = _metrics.Find("a", RecentMetrics.MaxAge, Second)[0].Points;
        Assert.InRange(points.Count, 899, 900);
        Assert.All(points, p => Assert.Equal(5, p.Value));
    }

    [Fact]
    public void Series_beyond_the_bound_are_counted_and_not_kept()
    {
        var lines = Enumerable.Range(0, RecentMetrics.MaxSeries + 7).Select(i => $"a{{n=\"{i}\"}} 1").Prepend("# TYPE a gauge");
        Sample([.. lines]);
        Assert.Equal((RecentMetrics.MaxSeries, 7), _metrics.Series);
    }

    [Fact]
    public void A_modules_signals_are_those_of_its_routes_and_the_console_is_in_nobodys()
    {
        Sample([.. Requests("/toys/{id}", 200, fast: 10), .. Requests("/toys/{id}", 500, slow: 0), .. Requests("/_/x", 200, fast: 5), .. Requests(null, 404, fast: 1)]);
        Sample([.. Requests("/toys/{id}", 200, fast: 108), .. Requests("/toys/{id}", 500, slow: 2), .. Requests("/_/x", 200, fast: 55), .. Requests(null, 404, fast: 101)]);

        var toys = _signals.OfModule("Toys", TimeSpan.FromMinutes(1), Second);
        var point = Assert.Single(toys.Points);
        Assert.Equal((100, 2), (point.RequestsPerSecond, point.ErrorsPerSecond));
        Assert.InRange(point.P50!.Value.TotalMilliseconds, 0, 0.1);
        Assert.InRange(point.P99!.Value.TotalSeconds, 0.25, 0.5);
        Assert.Equal(point, toys.Latest);
        Assert.Equal(200, Assert.Single(_signals.Overall(TimeSpan.FromMinutes(1), Second).Points).RequestsPerSecond);
        Assert.Equal(0, _signals.OfModule("Others", TimeSpan.FromMinutes(1), Second).Latest.RequestsPerSecond);
        Assert.Null(_signals.OfModule("Others", TimeSpan.FromMinutes(1), Second).Latest.P99);
    }

    [Fact]
    public void A_percentile_over_a_longer_stretch_is_that_of_its_requests_not_of_its_parts()
    {
        Sample(Requests("/toys/{id}", 200));
        Sample(Requests("/toys/{id}", 200, fast: 98));
        Sample(Requests("/toys/{id}", 200, fast: 98, slow: 2));
        var whole = Assert.Single(_signals.OfModule("Toys", TimeSpan.FromMinutes(1), RecentMetrics.MaxAge).Points);
        Assert.Equal(50, whole.RequestsPerSecond);
        Assert.InRange(whole.P50!.Value.TotalMilliseconds, 0, 0.1);
        Assert.InRange(whole.P99!.Value.TotalSeconds, 0.25, 0.5);
    }

    private void Sample(params string[] lines)
    {
        _time.Advance(Second);
        _metrics.Take(string.Join('\n', lines), Routes());
    }

    // So many that took less than 0.1 ms, and so many that took 0.25 to 0.5 s.
    private static string[] Requests(string? route, int status, int fast = 0, int slow = 0)
    {
        var labels = $"http_request_method=\"GET\",http_response_status_code=\"{status}\"" + (route is null ? "" : $",http_route=\"{route}\"");
        return
        [
            $"# TYPE {SignalStore.Family} histogram",
            .. SignalStore.Bounds.Select(b => string.Create(
                CultureInfo.InvariantCulture, $"{SignalStore.Family}_bucket{{{labels},le=\"{b}\"}} {fast + (b > 0.3 ? slow : 0)}")),
            $"{SignalStore.Family}_bucket{{{labels},le=\"+Inf\"}} {fast + slow}",
            $"{SignalStore.Family}_count{{{labels}}} {fast + slow}",
        ];
    }

    private static RouteModules Routes() => new(
        [
            new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/toys/{id}"), 0, new EndpointMetadataCollection(new Tags("Extra"), new Tags("Toys")), null),
            new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/open"), 0, EndpointMetadataCollection.Empty, null),
        ],
        [new Toys()]);

    private sealed class Tags(params string[] tags) : ITagsMetadata
    {
        IReadOnlyList<string> ITagsMetadata.Tags => tags;
    }

    private sealed class Toys : Module
    {
        public override string Name => "Toys";

        public override string Summary => "For tests.";
    }
}
