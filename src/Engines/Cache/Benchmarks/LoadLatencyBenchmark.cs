using System.Diagnostics;
using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// How long a GET takes while there is other work too: requests arrive at half of the rate that the slowest of the servers reaches at most,
/// found first, the same rate for all; each is timed from when it was due. The goal is a p99 below a millisecond.
/// </summary>
/// <remarks>
/// The load shares the machine. Where it was late itself, since others had its processor, the times from being sent are far below those from
/// being due: then it is the machine that was measured, or a server that could not keep up.
/// </remarks>
internal sealed class LoadLatencyBenchmark(int valueBytes) : ServedBenchmark
{
    private const int Keys = 100_000;
    private const int Connections = 50;
    private const int FillPipeline = 32;
    private const int Prepared = 8192;

    // So often each one's most is looked for, in turn, so that a disturbance of the machine does not pass for it.
    private const int Looks = 3;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [new LoadLatencyBenchmark(16), new LoadLatencyBenchmark(1024)];

    /// <inheritdoc/>
    public override string Name => valueBytes == 1024 ? "cache.latency.load-1k" : "cache.latency.load";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"GET of {Keys:N0} keys with values of {valueBytes} bytes over {Connections} connections, due at half of the rate that the slowest reaches, timed from when it was due.");

    /// <inheritdoc/>
    public override string Unit => "gets";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var subjects = new List<Subject>();
        var (keys, length, look) = context.Smoke
            ? (Keys / 100, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.02))
            : (Keys, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        var perSecond = 0.0;
        var contenders = await ServerUnderLoad.StartAllAsync(
            context, CacheWorker.DefaultMebibytes,
            server =>
            {
                var subject = new Subject(Prepare(server, keys, cancellationToken));
                subjects.Add(subject);
                return new Contender(
                    server.Name,
                    token => Task.FromResult((subject.Seen = subject.Load.RunOpen(perSecond, length, token)).Operations),
                    () =>
                    {
                        subject.Load.Dispose();
                        return server.EndAsync();
                    },
                    server.ProcessId)
                {
                    OnlyServerCounts = true,
                    FiguresAsync = _ => ValueTask.FromResult(subject.Figures),
                };
            },
            cancellationToken);

        for (var i = 0; i < Looks; i++)
        {
            foreach (var subject in subjects)
                subject.Most = Math.Max(subject.Most, subject.Load.RunClosed(look, cancellationToken).PerSecond);
        }

        perSecond = subjects.Min(s => s.Most) / 2;
        return contenders;
    }

    private ScheduledLoad Prepare(ServerUnderLoad server, int keys, CancellationToken cancellationToken)
    {
        using (var fill = new PipelinedLoad(server.Port, connections: 8))
            new KeyLoad(server.Dialect, valueBytes, FillPipeline).Fill(fill, keys, cancellationToken);
        var random = new Random(1);
        var requests = Enumerable.Range(0, Prepared).Select(_ => server.Dialect.Get(random.Next(keys))).ToArray();
        return new ScheduledLoad(server.Port, Connections, requests, server.Dialect.GetAnswerBytes(valueBytes));
    }

    /// <summary>A server's load, and what it saw last.</summary>
    private sealed class Subject(ScheduledLoad load)
    {
        public ScheduledLoad Load => load;

        public double Most { get; set; }

        public LoadSeen? Seen { get; set; }

        public IReadOnlyList<Figure> Figures =>
        [
            At("p50", Seen!.Latency, 0.5), At("p99", Seen.Latency, 0.99), At("p99.9", Seen.Latency, 0.999),
            At("p99 from being sent", Seen.FromSending, 0.99),
            new Figure("at most a second", Most, FigureUnit.Count),
        ];

        private static Figure At(string name, LatencyHistogram times, double part) =>
            new(name, times.Percentile(part) * 1000.0 / Stopwatch.Frequency, FigureUnit.Milliseconds);
    }
}
