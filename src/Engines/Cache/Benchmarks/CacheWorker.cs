using System.Globalization;
using System.Net;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Serving;

namespace Groundwork.Cache.Benchmarks;

/// <summary>Our server, in a process of its own.</summary>
internal static class CacheWorker
{
    /// <summary>Serves on a spare port, whose number it writes, until it is ended.</summary>
    public static async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        using var engine = new CacheEngine(new KeyspaceOptions(256 << 20, EvictionPolicy.AllKeysTinyLfu, 16), TimeProvider.System, Random.Shared);
        await using var server = new RespServer(
            new ServerOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, connection => new Session(engine, connection), TimeProvider.System);
        if (server.Start() is { } failure)
            throw new InvalidOperationException(failure.Message);
        await output.WriteLineAsync(((IPEndPoint)server.Addresses[0]).Port.ToString(CultureInfo.InvariantCulture));
        await output.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
