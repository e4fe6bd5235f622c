using System.Text;
using Groundwork.Platform.Experiments.Programs;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>
/// The worker's side: a process that does an experiment's work until it is killed, and ends with its parent.
/// </summary>
public static class WorkerFrame
{
    /// <summary>Does what the hidden command's words say; returns the exit code.</summary>
    /// <param name="setup">What the program is made of.</param>
    /// <param name="words">See <see cref="WorkerOrder.ToWords"/>, without the command's name.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<int> RunAsync(ExperimentSetup setup, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        ParentWatch.DieWithParent();
        try
        {
            var order = WorkerOrder.Parse(words);
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 16 * 1024);
            if (setup.Benchmarks.SingleOrDefault(b => b.Name == order.Experiment) is { } benchmark)
            {
                await benchmark.WorkAsync(order.Argument, output, cancellationToken);
                return 0;
            }

            var drill = setup.Drills.Single(d => d.Name == order.Experiment);
            await using var processes = new ExperimentProcesses(order, launcher: null, listeners: []);
            await using var context = new DrillContext(setup, order, processes);
            await drill.WorkAsync(context, output, cancellationToken);
            return 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            return 1;
        }
    }
}
