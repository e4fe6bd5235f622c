using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// The store of callers in several processes, over HTTP: <c>/load/KEY</c> is answered with the key, slowly, and counted; <c>/start</c> is
/// answered once all have asked for it. Safe for concurrent use.
/// </summary>
internal sealed class CountedOrigin : IAsyncDisposable
{
    private readonly int _processes;
    private readonly TimeSpan _takes;
    private readonly ConcurrentDictionary<string, int> _loads = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly WebApplication _app;
    private TaskCompletionSource _start = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    private CountedOrigin(int processes, TimeSpan takes)
    {
        (_processes, _takes) = (processes, takes);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => new(((IApplicationBuilder)_app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Serves on a spare port.</summary>
    /// <param name="processes">How many start together.</param>
    /// <param name="takes">How long a load takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<CountedOrigin> StartAsync(int processes, TimeSpan takes, CancellationToken cancellationToken)
    {
        var origin = new CountedOrigin(processes, takes);
        await origin._app.StartAsync(cancellationToken);
        return origin;
    }

    /// <summary>How often a key was loaded.</summary>
    public int Loads(int key) => _loads.GetValueOrDefault(key.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/load", out var rest))
        {
            var key = rest.Value!.TrimStart('/');
            _loads.AddOrUpdate(key, 1, static (_, loads) => loads + 1);
            await Task.Delay(_takes, context.RequestAborted);
            await context.Response.WriteAsync(key);
            return;
        }

        await ArriveAsync().WaitAsync(context.RequestAborted);
    }

    private Task ArriveAsync()
    {
        lock (_gate)
        {
            var start = _start;
            if (++_waiting == _processes)
            {
                (_waiting, _start) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                start.SetResult();
            }

            return start.Task;
        }
    }
}
