using Groundwork.Platform.Experiments.Programs;
using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>
/// Runs drills, each on a folder, services and randomness of its own. The folder is removed when the claim held, and kept
/// when it did not; what cannot be carried out on this machine is told apart from both. Not for concurrent use.
/// </summary>
public sealed class DrillFrame(ExperimentSetup setup, IProgramLauncher launcher, IExperimentProgress progress)
{
    /// <summary>Runs drills one after the other.</summary>
    /// <param name="drills">Which.</param>
    /// <param name="rounds">How many times to inject the failure; null leaves that to each drill.</param>
    /// <param name="seed">Of every random choice; the same one gives the same choices.</param>
    /// <param name="sabotage">Whether to take the protection away.</param>
    /// <param name="cancellationToken">Ends it, workers included; nothing is reported then.</param>
    public async Task<DrillReport> RunAsync(
        IReadOnlyList<Drill> drills, int? rounds, int seed, bool sabotage, CancellationToken cancellationToken)
    {
        var date = setup.Time.GetUtcNow();
        var outcomes = new List<DrillOutcome>();
        foreach (var drill in drills)
            outcomes.Add(await RunAsync(drill, rounds ?? drill.DefaultRounds, seed, sabotage, cancellationToken));
        return new DrillReport(DrillReport.CurrentSchema, date, Machine.Describe(), outcomes);
    }

    private async Task<DrillOutcome> RunAsync(Drill drill, int rounds, int seed, bool sabotage, CancellationToken cancellationToken)
    {
        using var folder = new ExperimentFolder();
        var started = setup.Time.GetTimestamp();
        var result = new DrillResult(false, "", "");
        string? error = null;
        try
        {
            var order = new WorkerOrder(drill.Name, folder.FullPath, "", rounds, seed, sabotage);
            await using var processes = new ExperimentProcesses(order, launcher, setup.SpareListeners);
            await using var context = new DrillContext(setup, order, processes, progress);
            result = await drill.RunAsync(context, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            error = e.Message;
        }

        var held = result.Held && error is null;
        if (!held && result.Missing is null)
            folder.Keep();
        return new DrillOutcome(
            drill.Name, drill.Claim, sabotage ? drill.Sabotage : null, rounds, seed,
            held, result.Done, result.Seen, setup.Time.GetElapsedTime(started).TotalSeconds,
            held || result.Missing is not null ? null : folder.FullPath, error, result.Missing);
    }
}
