using System.Diagnostics.Metrics;
using Groundwork.Platform.Http;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Groundwork.Platform.Telemetry;

/// <summary>Which measurements are taken, and where they go.</summary>
internal static class Exporters
{
    private const string OwnNames = "Groundwork.*";

    private const string HostingMeter = "Microsoft.AspNetCore.Hosting";

    // By convention its first bucket ends at 5 ms, where most of what is served here has long been answered.
    private const string RequestDuration = "http.server.request.duration";

    // Of every other instrument: the exporter sets memory aside for as many series as an instrument may have, and the largest, those of
    // commands and of problems, are some hundreds.
    private const int MaxSeries = 500;

    private const int OtlpTimeoutMs = 2000;

    // The framework's own instruments; their labels are bounded: routes as templates, methods that are known, statuses.
    // Those of outgoing requests are left out: they name hosts, and a crawler meets any number of them.
    private static readonly string[] FrameworkMeters =
        [HostingMeter, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void AddExporters(this IServiceCollection services, SettingValues settings)
    {
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
            metrics.AddMeter([.. provider.GetRequiredService<IReadOnlyList<Module>>().Select(m => m.TelemetryName)]));

        // An answer is not kept: a sample is of now, not of somebody else's question a moment ago.
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("groundwork", serviceVersion: Version))
            .WithMetrics(metrics => metrics.AddMeter([.. FrameworkMeters, OwnNames])
                .AddView(RequestDuration, new ExplicitBucketHistogramConfiguration { Boundaries = SignalStore.Bounds })
                .AddView(BoundOf)
                .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));

        if (settings.Get(TelemetryOptions.Otlp) is not { } collector)
            return;

        var ratio = settings.Get(TelemetryOptions.SampledPerThousand) / 1000.0;
        services.ConfigureOpenTelemetryTracerProvider((provider, traces) =>
            traces.AddSource([.. provider.GetRequiredService<IReadOnlyList<Module>>().Select(m => m.TelemetryName)]));
        telemetry
            .WithTracing(traces => traces
                .AddSource(OwnNames)
                .AddAspNetCoreInstrumentation()
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)))
                .AddOtlpExporter(exporter => Send(exporter, collector, "v1/traces")))
            .WithLogging(logs => logs.AddOtlpExporter(exporter => Send(exporter, collector, "v1/logs")));
    }

    // That of requests has routes, methods and statuses in it, and the exporter's own bound of 2,000.
    private static MetricStreamConfiguration? BoundOf(Instrument instrument) => instrument switch
    {
        { Name: RequestDuration } => null,
        { Name: HttpTelemetry.ActiveRequests, Meter.Name: HostingMeter } => MetricStreamConfiguration.Drop,
        _ => new MetricStreamConfiguration { CardinalityLimit = MaxSeries },
    };

    private static string Version => typeof(Exporters).Assembly.GetName().Version!.ToString(3);

    private static void Send(OtlpExporterOptions exporter, Uri collector, string path)
    {
        var root = collector.ToString();
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(root.EndsWith('/') ? root + path : $"{root}/{path}");
        exporter.TimeoutMilliseconds = OtlpTimeoutMs;
    }
}
