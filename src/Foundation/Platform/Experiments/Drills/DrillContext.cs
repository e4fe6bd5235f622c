using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>What a drill, or its worker, is given. Disposing it closes what its services opened.</summary>
/// <param name="setup">What services are made of.</param>
/// <param name="order">The drill's own order.</param>
/// <param name="processes">Those of the drill.</param>
/// <param name="progress">Is told how far it is; null in a worker, which is not asked.</param>
internal sealed class DrillContext(
    ExperimentSetup setup, WorkerOrder order, ExperimentProcesses processes, IExperimentProgress? progress = null)
    : IDrillContext, IAsyncDisposable
{
    private readonly Lazy<ServiceProvider> _services = new(() => setup.BuildServices(order.Folder));

    /// <inheritdoc/>
    public string Folder => order.Folder;

    /// <inheritdoc/>
    public int Rounds => order.Rounds;

    /// <inheritdoc/>
    public bool Sabotage => order.Sabotage;

    /// <inheritdoc/>
    public string Argument => order.Argument;

    /// <inheritdoc/>
    public Random Random { get; } = new(order.Seed);

    /// <inheritdoc/>
    public IServiceProvider Services => _services.Value;

    /// <inheritdoc/>
    public AsyncServiceScope BuildServices() => new(new WholeProvider(setup.BuildServices(order.Folder)));

    /// <inheritdoc/>
    public void Progress(int done, int total, string what) => progress?.Report(order.Experiment, done, total, what);

    /// <inheritdoc/>
    public IExperimentWorker StartWorker(string argument) => processes.StartWorker(argument);

    /// <inheritdoc/>
    public Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
        processes.StartProgramAsync(folder, settings, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.IsValueCreated ? _services.Value.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>A scope whose end is the end of all services, singletons included.</summary>
    private sealed class WholeProvider(ServiceProvider services) : IServiceScope, IAsyncDisposable
    {
        public IServiceProvider ServiceProvider => services;

        public void Dispose() => services.Dispose();

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }
}
