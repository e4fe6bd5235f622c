using System.Globalization;
using System.Net;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Serving;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>Our server, in a process of its own.</summary>
internal static class CacheWorker
{
    /// <summary>The bound where nothing else is said.</summary>
    public const int DefaultMebibytes = 256;

    /// <summary>Starts it, and waits until it serves.</summary>
    /// <param name="context">Of the benchmark or drill, whose worker <see cref="RunAsync"/> must be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="mebibytes">Its bound.</param>
    /// <returns>The process, and its port.</returns>
    public static async Task<(IExperimentWorker Process, int Port)> StartAsync(
        IExperimentContext context, CancellationToken cancellationToken, int mebibytes = DefaultMebibytes)
    {
        var worker = context.StartWorker(mebibytes.ToString(CultureInfo.InvariantCulture));
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
            return (worker, int.Parse(line, CultureInfo.InvariantCulture));
        throw new InvalidOperationException("The server ended before it served.");
    }

    /// <summary>Serves on a spare port, whose number it writes, until it is ended.</summary>
    public static async Task RunAsync(string argument, TextWriter output, CancellationToken cancellationToken)
    {
        var bytes = long.Parse(argument, CultureInfo.InvariantCulture) << 20;
        using var engine = new CacheEngine(new KeyspaceOptions(bytes, EvictionPolicy.AllKeysTinyLfu, 16), TimeProvider.System, Random.Shared);
        await using var upkeep = new CacheUpkeep(engine, TimeProvider.System);
        await using var server = new RespServer(
            new ServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, connection => new Session(engine, connection), TimeProvider.System);
        if (server.Start() is { } failure)
            throw new InvalidOperationException(failure.Message);
        await output.WriteLineAsync(((IPEndPoint)server.Addresses[0]).Port.ToString(CultureInfo.InvariantCulture));
        await output.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
