using System.Net;
using Groundwork.Ports.Experiments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links.Benchmarks;

/// <summary>
/// The limit of redirects: the same server with nothing in it but a constant answer. No routing, no telemetry, no log, in a
/// process of its own with this program's runtime settings.
/// </summary>
internal static class BareKestrel
{
    /// <summary>Serves until it is cancelled; writes where.</summary>
    public static async Task ServeAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.Run(http =>
        {
            var response = http.Response;
            response.StatusCode = StatusCodes.Status302Found;
            response.ContentLength = 0;
            response.Headers.Location = "https://example.org/articles/2026/1/what-it-is-about";
            response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        await app.StartAsync(cancellationToken);
        await output.WriteLineAsync(app.Urls.Single());
        await output.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>Starts it in a worker of the benchmark.</summary>
    public static async Task<(IExperimentWorker Worker, Uri Address)> StartAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var worker = context.StartWorker("");
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
            return (worker, new Uri(line));
        throw new InvalidOperationException("Bare Kestrel has not said where it serves.");
    }
}
