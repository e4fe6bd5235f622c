using System.Diagnostics;
using Groundwork.Platform.Telemetry;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Platform.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Telemetry.Recent;

/// <summary>The sources of a running instance. Not in parallel with others: a listener hears the whole process.</summary>
[Collection(nameof(RecentInstanceTests))]
[CollectionDefinition(nameof(RecentInstanceTests), DisableParallelization = true)]
public sealed class RecentInstanceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Requests_are_in_the_signals_of_the_module_whose_routes_they_were_for()
    {
        await using var toy = await StartAsync();
        var signals = toy.Running.Instance.Services.GetRequiredService<GoldenSignals>();
        await SampleAsync(toy);
        for (var i = 0; i < 8; i++)
            await toy.GetAsync("/v1/toys/7");
        await toy.GetAsync("/v1/toys/fail");

        // The server counts a request after its answer was sent.
        IReadOnlyList<SignalPoint> points;
        do
        {
            await SampleAsync(toy);
            points = signals.OfModule(toy.Toys.Name, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1)).Points;
        }
        while (Total(points, p => p.RequestsPerSecond) < 9);
        Assert.Equal(9, Total(points, p => p.RequestsPerSecond));
        Assert.Equal(1, Total(points, p => p.ErrorsPerSecond));
        Assert.NotNull(points.First(p => p.RequestsPerSecond > 0).P99);
        Assert.Contains(toy.Running.Instance.Services.GetRequiredService<RecentMetrics>().Find("groundwork_http_problems", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)), s => s.Latest == 1);
    }

    [Fact]
    public async Task Traces_are_recorded_while_somebody_looks_and_are_found_by_what_is_known_of_them()
    {
        await using var toy = await StartAsync();
        var traces = toy.Running.Instance.Services.GetRequiredService<RecentTraces>();
        var onlookers = toy.Running.Instance.Services.GetRequiredService<Onlookers>();
        await toy.GetAsync("/v1/toys/1");
        Assert.False(traces.IsRecording);

        onlookers.Look();
        Assert.True(traces.IsRecording);
        await toy.GetAsync("/v1/toys/2?password=hunter2");
        await toy.GetAsync("/v1/toys/fail");
        await UntilAsync(() => traces.LastId == 2);

        var all = traces.Search(new());
        Assert.Equal(["GET /v1/toys/fail", "GET /v1/toys/{number:long}"], all.Items.Select(t => t.Name).Order(StringComparer.Ordinal));
        var found = Assert.Single(traces.Search(new() { Route = "/v1/toys/{number:long}" }).Items);
        Assert.Equal((200, "/v1/toys/2", false), (found.Status, found.Path, found.Failed));
        Assert.DoesNotContain(found.Spans[0].Tags, t => t.Value.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal(500, Assert.Single(traces.Search(new() { MinStatus = 500 }).Items).Status);
        Assert.Equal(found.TraceId, Assert.Single(traces.Search(new() { Text = found.TraceId[..12] }).Items).TraceId);
        Assert.Empty(traces.Search(new() { MinDuration = TimeSpan.FromHours(1) }).Items);

        _time.Advance(Onlookers.Patience + TimeSpan.FromSeconds(1));
        traces.Refresh();
        Assert.False(traces.IsRecording);
    }

    [Fact]
    public void A_few_traces_a_second_are_recorded_each_with_what_was_done_for_it()
    {
        var onlookers = new Onlookers(_time);
        using var traces = new RecentTraces(2, onlookers, _time);
        using var source = new ActivitySource("Groundwork.RecentToys");
        onlookers.Look();
        for (var i = 0; i < 5; i++)
        {
            using var root = source.StartActivity("work", ActivityKind.Consumer);
            using var part = source.StartActivity("part");
            part?.SetStatus(ActivityStatusCode.Error);
        }

        Assert.Equal(2, traces.LastId);
        var trace = traces.Search(new()).Items[0];
        Assert.Equal(["work", "part"], trace.Spans.Select(s => s.Name));
        Assert.Equal(trace.Spans[0].SpanId, trace.Spans[1].ParentId);
        Assert.True(trace.Spans[1].Failed);

        _time.Advance(TimeSpan.FromSeconds(1));
        source.StartActivity("work", ActivityKind.Consumer)?.Dispose();
        Assert.Equal(3, traces.LastId);
    }

    [Fact]
    public void What_is_recorded_here_is_not_marked_for_export_and_what_is_exported_is_not_changed()
    {
        var onlookers = new Onlookers(_time);
        using var traces = new RecentTraces(1, onlookers, _time);
        using var source = new ActivitySource("Groundwork.RecentToys");
        onlookers.Look();
        using (var root = source.StartActivity("work", ActivityKind.Consumer))
            Assert.False(root!.Recorded);

        using var exporter = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Groundwork.RecentToys",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(exporter);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            using var root = source.StartActivity("work", ActivityKind.Consumer);
            Assert.True(root!.Recorded);
        }

        Assert.Equal(2, traces.LastId);
    }

    [Fact]
    public void A_trace_of_very_many_parts_is_kept_with_as_many_as_fit_and_says_so()
    {
        var onlookers = new Onlookers(_time);
        using var traces = new RecentTraces(1, onlookers, _time);
        using var source = new ActivitySource("Groundwork.RecentToys");
        onlookers.Look();
        using (source.StartActivity("work", ActivityKind.Consumer))
        {
            for (var i = 0; i < RecentTraces.MaxSpans + 10; i++)
                source.StartActivity("part")?.Dispose();
        }

        var trace = Assert.Single(traces.Search(new()).Items);
        Assert.Equal((RecentTraces.MaxSpans + 1, 10), (trace.Spans.Count, trace.SpansLeftOut));
        Assert.Equal("work", trace.Name);
    }

    [Fact]
    public void What_is_done_elsewhere_for_a_request_is_a_part_of_its_trace()
    {
        var onlookers = new Onlookers(_time);
        using var traces = new RecentTraces(1, onlookers, _time);
        using var source = new ActivitySource("Groundwork.RecentToys");
        onlookers.Look();
        using (var root = source.StartActivity("work", ActivityKind.Consumer))
        {
            var context = root!.Context;
            var thread = new Thread(() => source.StartActivity("elsewhere", ActivityKind.Client, context)?.Dispose());
            thread.Start();
            thread.Join();
        }

        var trace = Assert.Single(traces.Search(new()).Items);
        Assert.Equal(["work", "elsewhere"], trace.Spans.Select(s => s.Name));
        Assert.Equal([null, trace.Spans[0].SpanId], trace.Spans.Select(s => s.ParentId));
    }

    [Fact]
    public void The_consoles_own_requests_push_out_no_others_and_are_shown_to_who_asks_for_them()
    {
        var onlookers = new Onlookers(_time);
        using var traces = new RecentTraces(4, onlookers, _time);
        using var source = new ActivitySource("Groundwork.RecentToys");
        onlookers.Look();
        for (var i = 0; i < 20; i++)
            Request("/_/links");
        for (var i = 0; i < 20; i++)
            Request("/v1/toys");
        Request("/_/live");

        Assert.Equal(4, traces.Search(new()).Items.Count);
        Assert.All(traces.Search(new()).Items, t => Assert.Equal("/v1/toys", t.Path));
        Assert.Equal(["/v1/toys", "/v1/toys", "/v1/toys", "/v1/toys", "/_/links"], traces.Search(new() { WithConsole = true }).Items.Select(t => t.Path));

        void Request(string path) => source.StartActivity(
            ActivityKind.Server, tags: [new("url.path", path), new("http.request.method", "GET")], name: "in")?.Dispose();
    }

    private Task<ToyInstance> StartAsync() => ToyInstance.StartAsync(time: _time, others: [new TelemetryModule(LogsOf.Nowhere)]);

    // The next of the samples that are taken while nobody looks.
    private async Task SampleAsync(ToyInstance toy)
    {
        var metrics = toy.Running.Instance.Services.GetRequiredService<RecentMetrics>();
        var before = metrics.LastSample;
        _time.Advance(RecentMetrics.IdleInterval);
        await UntilAsync(() => metrics.LastSample > before);
    }

    private static double Total(IReadOnlyList<SignalPoint> points, Func<SignalPoint, double> rate) =>
        Math.Round(points.Sum(rate) * RecentMetrics.IdleInterval.TotalSeconds);

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Yield();
    }
}
