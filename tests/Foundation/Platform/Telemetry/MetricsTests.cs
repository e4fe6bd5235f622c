using Groundwork.Platform.Telemetry;
using Groundwork.Platform.Tests.Http;

namespace Groundwork.Platform.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task The_golden_signals_are_there_by_route_and_nothing_a_caller_sends_becomes_a_label()
    {
        await using var toy = await ToyInstance.StartAsync(others: [new TelemetryModule(LogsOf.Nowhere)]);
        await toy.GetAsync("/v1/toys/7");
        await toy.GetAsync("/v1/some/unknown-path-91");
        await toy.SendAsync(new HttpMethod("FROB91"), "/v1/toys/7");

        var response = await toy.GetAsync("/metrics");
        Assert.Equal(200, (int)response.StatusCode);
        var metrics = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("http_server_request_duration_seconds_count{", metrics, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/v1/toys/{number:long}\"", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_active_requests", metrics, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_", metrics, StringComparison.Ordinal);
        Assert.Contains("groundwork_http_problems_total{", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("91", string.Concat(metrics.Split('\n').Where(l => l.StartsWith("http_", StringComparison.Ordinal)).Select(Labels)), StringComparison.Ordinal);
        Assert.Contains("http_request_method=\"_OTHER\"", metrics, StringComparison.Ordinal);
        await ToyInstance.ProblemAsync(await toy.SendAsync(HttpMethod.Post, "/metrics"), "method-not-allowed", 405);
    }

    private static string Labels(string line) => line.IndexOf('}', StringComparison.Ordinal) is var end and > 0 ? line[..end] : line;
}
