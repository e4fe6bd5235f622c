using System.Diagnostics;
using System.Globalization;
using System.Net;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>A server in a process of its own: our broker on a folder, or one whose answers are canned.</summary>
internal static class ServerWorker
{
    private const string SocketOnly = "socket only";
    private const string Sink = "sink";
    private const string Source = "source";

    /// <summary>Starts ours on a folder, and waits until it serves.</summary>
    public static Task<ServerUnderLoad> StartBrokerAsync(IExperimentContext context, string folder, CancellationToken cancellationToken) =>
        StartAsync(context, "Groundwork", folder, cancellationToken);

    /// <summary>Starts a server that takes what a producer sends, and answers at once.</summary>
    public static Task<ServerUnderLoad> StartSinkAsync(IExperimentContext context, CancellationToken cancellationToken) =>
        StartAsync(context, SocketOnly, Sink, cancellationToken);

    /// <summary>Starts a server that gives consumers batches of such records as soon as they ask.</summary>
    public static Task<ServerUnderLoad> StartSourceAsync(IExperimentContext context, int recordBytes, int recordsABatch, CancellationToken cancellationToken) =>
        StartAsync(context, SocketOnly, string.Create(CultureInfo.InvariantCulture, $"{Source} {recordBytes} {recordsABatch}"), cancellationToken);

    /// <summary>Serves until it is ended; writes its port when it does.</summary>
    public static async Task RunAsync(string argument, TextWriter output, CancellationToken cancellationToken)
    {
        if (argument == Sink || argument.StartsWith(Source, StringComparison.Ordinal))
        {
            using var canned = argument == Sink ? CannedServer.ForProducers() : CannedServer.ForConsumers(BatchOf(argument.Split(' ')));
            await TellAsync(output, canned.Port, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return;
        }

        await using var node = await BrokerNode.OpenAsync(new SystemDisk(argument), new NodeOptions(), TimeProvider.System, cancellationToken);
        await using var server = new KafkaServer(node, new ServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        if (server.Start() is { } failure)
            throw new InvalidOperationException(failure.Message);
        await TellAsync(output, server.Address!.Port, cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static byte[] BatchOf(string[] source) =>
        KafkaRequests.Batch(1, int.Parse(source[1], CultureInfo.InvariantCulture), int.Parse(source[2], CultureInfo.InvariantCulture));

    private static async Task<ServerUnderLoad> StartAsync(IExperimentContext context, string name, string argument, CancellationToken cancellationToken)
    {
        var worker = context.StartWorker(argument);
        await foreach (var line in worker.ReadLinesAsync(cancellationToken))
            return new ServerUnderLoad(name, int.Parse(line, CultureInfo.InvariantCulture), worker.ProcessId, worker.DisposeAsync);
        throw new InvalidOperationException("The server ended before it served.");
    }

    private static async Task TellAsync(TextWriter output, int port, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(port.ToString(CultureInfo.InvariantCulture));
        await output.FlushAsync(cancellationToken);
    }
}

/// <summary>A server that answers what producers and consumers send.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="ProcessId">The operating system's number for it.</param>
/// <param name="EndAsync">Ends it.</param>
internal sealed record ServerUnderLoad(string Name, int Port, int ProcessId, Func<ValueTask> EndAsync)
{
    /// <summary>What the process has in memory, in bytes.</summary>
    public long ResidentBytes()
    {
        using var process = Process.GetProcessById(ProcessId);
        return process.WorkingSet64;
    }
}
