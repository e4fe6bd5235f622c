using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Experiments.Runs;

/// <summary>Drills and benchmarks that the running instance starts, for whoever may.</summary>
public sealed class ExperimentsModule : Module
{
    private ExperimentRuns? _runs;

    /// <inheritdoc/>
    public override string Name => "Experiments";

    /// <inheritdoc/>
    public override string Summary => "Drills and benchmarks, started beside the running instance.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => ExperimentScopes.All;

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings) =>
        services.AddSingleton(provider => new ExperimentRuns(
            provider.GetRequiredService<IReadOnlyList<Module>>(),
            RunLauncher.Of(settings),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ExperimentRuns>>()));

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _runs = services.GetRequiredService<ExperimentRuns>();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_runs is not null)
            await _runs.DisposeAsync();
    }
}

/// <summary>What a caller may be permitted to do with experiments.</summary>
public static class ExperimentScopes
{
    /// <summary>See which there are, and what came of those that ran.</summary>
    public static readonly Scope Read = new("experiments:read", "See drills and benchmarks, and the output of those that ran.");

    /// <summary>Run them.</summary>
    public static readonly Scope Run = new("experiments:run", "Start and end drills and benchmarks, which take this machine's processor and disk.");

    internal static IReadOnlyList<Scope> All { get; } = [Read, Run];
}
