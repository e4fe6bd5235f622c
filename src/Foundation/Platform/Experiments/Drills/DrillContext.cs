using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>
/// What a drill, or its worker, is given. Disposing it ends the workers that the drill left running and closes what its
/// services opened.
/// </summary>
/// <param name="setup">What services are made of.</param>
/// <param name="order">The drill's own order; its workers' differ in argument and seed.</param>
/// <param name="launcher">Starts workers; null in a worker, which has none.</param>
/// <param name="progress">Is told how far it is; null in a worker, which is not asked.</param>
internal sealed class DrillContext(
    ExperimentSetup setup, WorkerOrder order, IWorkerLauncher? launcher = null, IExperimentProgress? progress = null)
    : IDrillContext, IAsyncDisposable
{
    private readonly Lazy<ServiceProvider> _services = new(() => setup.BuildServices(order.Folder));
    private readonly List<WorkerProcess> _workers = [];

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
    public void Progress(int done, int total, string what) => progress?.Report(order.Drill, done, total, what);

    /// <inheritdoc/>
    public IDrillWorker StartWorker(string argument)
    {
        if (launcher is null)
            throw new InvalidOperationException("A worker starts no workers.");
        var seed = unchecked((order.Seed * 31) + _workers.Count + 1);
        var worker = WorkerProcess.Start(launcher.Describe(order with { Argument = argument, Seed = seed }));
        _workers.Add(worker);
        return worker;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        if (_services.IsValueCreated)
            await _services.Value.DisposeAsync();
    }

    /// <summary>A scope whose end is the end of all services, singletons included.</summary>
    private sealed class WholeProvider(ServiceProvider services) : IServiceScope, IAsyncDisposable
    {
        public IServiceProvider ServiceProvider => services;

        public void Dispose() => services.Dispose();

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }
}
