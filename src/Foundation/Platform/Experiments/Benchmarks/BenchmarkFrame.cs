using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Benchmarks;

/// <summary>
/// Runs benchmarks so that their ratios can be believed on a machine that is small, shared and noisy.
/// </summary>
/// <remarks>
/// <para>Each benchmark, on a folder and services of its own:</para>
/// <list type="number">
/// <item>prepares its contenders, ours first, and sets aside those that cannot run here;</item>
/// <item>gives each one round that is not counted, to warm up;</item>
/// <item>runs the rounds interleaved, A B A B …, so that a disturbance of the machine hits neighbours alike, and collects
/// garbage before each, so that nobody pays for the one before;</item>
/// <item>compares ours with each rival round by round, and reports the median of those ratios.</item>
/// </list>
/// <para>A benchmark that fails is reported and the next one runs. Not for concurrent use: two would measure one another.</para>
/// </remarks>
public sealed class BenchmarkFrame(ExperimentSetup setup, IProgramLauncher launcher, IProcessorClock processor, IExperimentProgress progress)
{
    /// <summary>Runs benchmarks one after the other.</summary>
    /// <param name="benchmarks">Which.</param>
    /// <param name="rounds">How many rounds of each contender are counted, at least 1; a comparison wants 5.</param>
    /// <param name="smoke">Whether it is only a check that they run.</param>
    /// <param name="cancellationToken">Ends it between or within rounds; nothing is reported then.</param>
    public async Task<BenchmarkReport> RunAsync(
        IReadOnlyList<Benchmark> benchmarks, int rounds, bool smoke, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var date = setup.Time.GetUtcNow();
        var results = new List<BenchmarkResult>();
        foreach (var benchmark in benchmarks)
            results.Add(await RunAsync(benchmark, rounds, smoke, cancellationToken));
        return new BenchmarkReport(BenchmarkReport.CurrentSchema, date, Machine.Describe(), smoke, results);
    }

    private async Task<BenchmarkResult> RunAsync(Benchmark benchmark, int rounds, bool smoke, CancellationToken cancellationToken)
    {
        IReadOnlyList<Contender> contenders = [];
        try
        {
            using var folder = new ExperimentFolder();
            await using var processes = new ExperimentProcesses(new WorkerOrder(benchmark.Name, folder.FullPath, "", rounds, 1, false), launcher, setup.SpareListeners);
            await using var services = setup.BuildServices(folder.FullPath);
            progress.Report(benchmark.Name, 0, 1, "prepares");
            contenders = await benchmark.PrepareAsync(new Context(folder.FullPath, smoke, services, processes), cancellationToken);
            try
            {
                var measured = await MeasureAsync(benchmark.Name, contenders, rounds, cancellationToken);
                return Result(benchmark, contenders, measured, null);
            }
            finally
            {
                await DisposeAsync(contenders);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            return Result(benchmark, contenders, [], e.Message);
        }
    }

    private async Task<IReadOnlyList<ContenderResult>> MeasureAsync(
        string benchmark, IReadOnlyList<Contender> contenders, int rounds, CancellationToken cancellationToken)
    {
        var present = contenders.Where(c => c.Missing is null).Select(c => new Measured(c)).ToList();
        var (done, total) = (0, present.Count * (rounds + 1));
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var measured in present)
            {
                var contender = measured.Contender;
                progress.Report(benchmark, done++, total, round == 0 ? $"{contender.Name}, warming up" : $"{contender.Name}, round {round} of {rounds}");
                var result = await RoundAsync(contender, cancellationToken);
                if (round == 0)
                    continue;
                measured.Rounds.Add(result);
                if (contender.FiguresAsync is { } figuresAsync)
                    measured.Figures.AddRange(await figuresAsync(cancellationToken));
            }
        }

        progress.Report(benchmark, total, total, "done");
        var ours = contenders.Count > 0 && contenders[0].Missing is null ? present[0].Rounds : null;
        return [.. present.Select(p => Summarise(p, ours))];
    }

    private async Task<BenchmarkRound> RoundAsync(Contender contender, CancellationToken cancellationToken)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Reading a server's accounts costs processor time of ours, so it stands outside of what is counted for us.
        var server = contender.ServerProcess is { } before ? processor.Of(before) : TimeSpan.Zero;
        var own = processor.Own();
        var started = setup.Time.GetTimestamp();
        var operations = await contender.RoundAsync(cancellationToken);
        var elapsed = setup.Time.GetElapsedTime(started);
        var spent = contender.OnlyServerCounts ? TimeSpan.Zero : processor.Own() - own;
        if (contender.ServerProcess is { } after)
            spent += processor.Of(after) - server;

        if (operations <= 0)
            throw new InvalidOperationException($"{contender.Name} did nothing in a round.");
        return new BenchmarkRound(operations, Math.Max(elapsed.TotalSeconds, 1e-7), spent.TotalSeconds);
    }

    private static ContenderResult Summarise(Measured measured, List<BenchmarkRound>? ours)
    {
        var rounds = measured.Rounds;
        var isRival = ours is not null && !ReferenceEquals(ours, rounds);
        return new ContenderResult(
            measured.Contender.Name,
            AccountingOf(measured.Contender),
            rounds,
            Spread.Of(rounds.Select(r => r.OperationsPerSecond)),
            Spread.Of(rounds.Select(r => r.ProcessorMicrosecondsPerOperation)),
            isRival ? Spread.OfRatios(ours!.Select(r => r.OperationsPerSecond), rounds.Select(r => r.OperationsPerSecond)) : null,
            isRival
                ? Spread.OfRatios(
                    ours!.Select(r => r.ProcessorMicrosecondsPerOperation), rounds.Select(r => r.ProcessorMicrosecondsPerOperation))
                : null,
            measured.Figures.Count == 0
                ? null
                : [.. measured.Figures.GroupBy(f => (f.Name, f.Unit)).Select(g => new FigureResult(g.Key.Name, g.Key.Unit, Spread.Of(g.Select(f => f.Value))))]);
    }

    private static ProcessorAccounting AccountingOf(Contender contender) => contender switch
    {
        { OnlyServerCounts: true } => ProcessorAccounting.Server,
        { ServerProcess: not null } => ProcessorAccounting.ThisProcessAndServer,
        _ => ProcessorAccounting.ThisProcess,
    };

    private static BenchmarkResult Result(
        Benchmark benchmark, IReadOnlyList<Contender> contenders, IReadOnlyList<ContenderResult> measured, string? error) => new(
        benchmark.Name,
        benchmark.Work,
        benchmark.Unit,
        measured,
        [.. contenders.Where(c => c.Missing is not null).Select(c => new MissingContender(c.Name, c.Missing!))],
        error);

    // Every one is let go of, whatever happens to another.
    private static Task DisposeAsync(IEnumerable<Contender> contenders) => Task.WhenAll(contenders.Select(async contender =>
    {
        if (contender.Dispose is { } dispose)
            await dispose();
    }));

    private sealed record Measured(Contender Contender)
    {
        public List<BenchmarkRound> Rounds { get; } = [];

        public List<Figure> Figures { get; } = [];
    }

    private sealed record Context(string Folder, bool Smoke, IServiceProvider Services, ExperimentProcesses Processes) : IBenchmarkContext
    {
        public IExperimentWorker StartWorker(string argument) => Processes.StartWorker(argument);

        public Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
            Processes.StartProgramAsync(folder, settings, cancellationToken);
    }
}
