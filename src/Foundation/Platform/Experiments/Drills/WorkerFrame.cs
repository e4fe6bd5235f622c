using System.Diagnostics;
using System.Text;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>
/// The worker's side: a process that does a drill's work until it is killed. It ends with its parent, however that ends:
/// the parent holds the worker's standard input open, and its end ends the worker at once, as the drill would have done.
/// </summary>
public static class WorkerFrame
{
    /// <summary>Does what the hidden command's words say; returns the exit code.</summary>
    /// <param name="setup">What the program is made of.</param>
    /// <param name="words">See <see cref="WorkerOrder.ToWords"/>, without the command's name.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<int> RunAsync(ExperimentSetup setup, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        DieWithParent();
        try
        {
            var order = WorkerOrder.Parse(words);
            var drill = setup.Drills.Single(d => d.Name == order.Drill);
            await using var context = new DrillContext(setup, order);
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 16 * 1024);
            await drill.WorkAsync(context, output, cancellationToken);
            return 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            return 1;
        }
    }

    // A thread, because reading standard input blocks.
    private static void DieWithParent() => new Thread(() =>
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }

        Process.GetCurrentProcess().Kill();
    })
    { IsBackground = true, Name = "parent's sign of life" }.Start();
}
