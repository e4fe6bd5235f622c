using System.Globalization;
using System.Net;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Nodes;

/// <summary>A broker in a process of its own, to be killed. Disposing it kills it.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string PortMark = "port ";
    private const string ReportMark = "report ";

    // Short, so that its halves turn and checkpoints are written within a drill.
    private const long JournalBytes = 256 << 10;

    private readonly IExperimentWorker _worker;

    private BrokerProcess(IExperimentWorker worker) => _worker = worker;

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>What it reported while it started.</summary>
    public List<string> Reports { get; } = [];

    /// <summary>Where the broker of a drill has its files.</summary>
    public static string Folder(IDrillContext context) => Path.Combine(context.Folder, "broker");

    /// <summary>Starts one, and waits until it serves.</summary>
    /// <param name="context">Its drill's.</param>
    /// <param name="argument">Reaches the worker.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BrokerProcess> StartAsync(IDrillContext context, string argument, CancellationToken cancellationToken)
    {
        var broker = new BrokerProcess(context.StartWorker(argument));
        try
        {
            await foreach (var line in broker._worker.ReadLinesAsync(cancellationToken))
            {
                if (line.StartsWith(ReportMark, StringComparison.Ordinal))
                    broker.Reports.Add(line[ReportMark.Length..]);
                else if (line.StartsWith(PortMark, StringComparison.Ordinal))
                    return broker.Serves(int.Parse(line.AsSpan(PortMark.Length), CultureInfo.InvariantCulture));
            }

            throw new InvalidOperationException("The broker ended before it served.");
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one, and kills it while it opens what is there.</summary>
    public static async Task StartAndKillAsync(IDrillContext context, string argument, CancellationToken cancellationToken)
    {
        await using var worker = context.StartWorker(argument);
        await foreach (var _ in worker.ReadLinesAsync(cancellationToken))
            break;
        worker.Kill();
    }

    /// <summary>In the worker: serves until it is killed.</summary>
    public static async Task ServeAsync(IDisk disk, LogStoreOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await TellAsync(output, "opens", cancellationToken);
        var lines = new List<string>();
        var node = new NodeOptions
        {
            Logs = options with { JournalBytes = JournalBytes, Report = (place, what) => Report(lines, $"{ReportMark}{place.Name}: {what}") },
        };
        await using var broker = await BrokerNode.OpenAsync(disk, node, TimeProvider.System, cancellationToken);
        await using var server = new KafkaServer(broker, new ServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        if (server.Start() is { } failure)
            throw new InvalidOperationException(failure.Message);
        string[] reports;
        lock (lines)
            reports = [.. lines];
        foreach (var line in reports)
            await output.WriteLineAsync(line);
        await TellAsync(output, string.Create(CultureInfo.InvariantCulture, $"{PortMark}{server.Address!.Port}"), cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _worker.Kill();
        await _worker.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private static void Report(List<string> lines, string line)
    {
        lock (lines)
            lines.Add(line.ReplaceLineEndings(" "));
    }

    private static async Task TellAsync(TextWriter output, string line, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(line);
        await output.FlushAsync(cancellationToken);
    }

    private BrokerProcess Serves(int port)
    {
        Port = port;
        return this;
    }
}
