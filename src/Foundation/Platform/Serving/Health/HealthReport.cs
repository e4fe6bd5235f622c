using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Serving;

/// <summary>How every module was at one moment.</summary>
public sealed record HealthReport(IReadOnlyList<(Module Module, ModuleHealth Health)> Modules)
{
    /// <summary>Whether no module is out of order; a degraded one still serves.</summary>
    public bool IsReady => Modules.All(m => m.Health.State != HealthState.Unhealthy);
}

/// <summary>
/// Asks the modules how they are, at most once a second however many ask, so that probes cannot load what they probe.
/// </summary>
/// <remarks>Safe for concurrent use: callers within the second share one answer, and one question while it is under way.</remarks>
public sealed class HealthReports
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly IInstanceStatus _instance;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task<HealthReport>? _latest;
    private long _askedAt;

    /// <summary>Asks the modules of one instance.</summary>
    public HealthReports(IInstanceStatus instance, TimeProvider time) => (_instance, _time) = (instance, time);

    /// <summary>A report at most a second old.</summary>
    public Task<HealthReport> LatestAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_latest is null || _latest.IsFaulted || (_latest.IsCompleted && _time.GetElapsedTime(_askedAt) >= Fresh))
            {
                _askedAt = _time.GetTimestamp();
                _latest = AskAsync();
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    // On behalf of all who wait, so nobody's cancellation ends it; each module has a second.
    private async Task<HealthReport> AskAsync()
    {
        await Task.Yield();
        return new HealthReport(await _instance.CheckHealthAsync(CancellationToken.None));
    }
}
