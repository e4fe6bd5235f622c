using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>The processes that an experiment has started. Disposing it ends those that it left running. Not for concurrent use.</summary>
/// <param name="order">The experiment's own; its workers' differ in argument and seed.</param>
/// <param name="launcher">Starts them; null in a worker, which starts none.</param>
/// <param name="listeners">Arguments that give a program a spare port for whatever it listens on.</param>
internal sealed class ExperimentProcesses(WorkerOrder order, IProgramLauncher? launcher, IReadOnlyList<string> listeners) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _started = [];
    private int _workers;

    /// <summary>See <see cref="IExperimentContext.StartWorker"/>.</summary>
    public IExperimentWorker StartWorker(string argument)
    {
        var seed = unchecked((order.Seed * 31) + ++_workers);
        var worker = WorkerProcess.Start(Launcher().Describe((order with { Argument = argument, Seed = seed }).ToWords()));
        _started.Add(worker);
        return worker;
    }

    /// <summary>See <see cref="IExperimentContext.StartProgramAsync"/>.</summary>
    public async Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var program = ProgramProcess.Start(Launcher().Describe(
            [.. ProgramLauncher.ProgramWords(order), $"--Data={folder}", .. listeners, .. settings]));
        _started.Add(program);
        await program.ReadyAsync(cancellationToken);
        return program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
            await process.DisposeAsync();
    }

    private IProgramLauncher Launcher() => launcher ?? throw new InvalidOperationException("A worker starts no processes.");
}
