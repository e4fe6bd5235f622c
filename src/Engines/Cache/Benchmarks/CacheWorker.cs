using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>Our server, in a process of its own.</summary>
internal static class CacheWorker
{
    /// <summary>The bound where nothing else is said.</summary>
    public const int DefaultMebibytes = 256;

    private const string Name = "Groundwork";

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

    /// <summary>
    /// Starts it; as a check that it runs, in this process, where a process of its own for each of many benchmarks would take longer than all
    /// that is checked.
    /// </summary>
    /// <param name="context">Of the benchmark, a <see cref="ServedBenchmark"/>.</param>
    /// <param name="mebibytes">Its bound.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ServerUnderLoad> StartOrServeAsync(IBenchmarkContext context, int mebibytes, CancellationToken cancellationToken)
    {
        if (context.Smoke)
        {
            var here = new CacheUnderLoad(mebibytes);
            return new ServerUnderLoad(Name, Dialect.Redis, here.Port, Environment.ProcessId, here.DisposeAsync);
        }

        var (worker, port) = await StartAsync(context, cancellationToken, mebibytes);
        return new ServerUnderLoad(Name, Dialect.Redis, port, worker.ProcessId, worker.DisposeAsync);
    }

    /// <summary>Serves on a spare port, whose number it writes, until it is ended.</summary>
    public static async Task RunAsync(string argument, TextWriter output, CancellationToken cancellationToken)
    {
        await using var server = new CacheUnderLoad(int.Parse(argument, CultureInfo.InvariantCulture));
        await output.WriteLineAsync(server.Port.ToString(CultureInfo.InvariantCulture));
        await output.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
