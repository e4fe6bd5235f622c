using System.Diagnostics;
using System.Reflection;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>How a program that knows the hidden command is started as a drill's worker.</summary>
public interface IWorkerLauncher
{
    /// <summary>The program and its arguments; the drill adds what it does with its input and output.</summary>
    ProcessStartInfo Describe(WorkerOrder order);
}

/// <summary>
/// Starts a program of ours. Settings of the command line go to it through the environment, where other users cannot read
/// the secrets among them.
/// </summary>
/// <param name="file">What to execute.</param>
/// <param name="words">What comes before the command's own words.</param>
/// <param name="settings">The settings that stood on the command line.</param>
public sealed class WorkerLauncher(
    string file, IReadOnlyList<string> words, IReadOnlyList<KeyValuePair<string, string>> settings) : IWorkerLauncher
{
    /// <summary>
    /// The very program that runs: its own executable, or, where that is <c>dotnet</c>, <c>dotnet</c> with the entry assembly.
    /// </summary>
    public static WorkerLauncher OfThisProgram(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var file = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var isDotnet = string.Equals(Path.GetFileNameWithoutExtension(file), "dotnet", StringComparison.OrdinalIgnoreCase);
        return new WorkerLauncher(file, isDotnet ? [Assembly.GetEntryAssembly()!.Location] : [], settings);
    }

    /// <inheritdoc/>
    public ProcessStartInfo Describe(WorkerOrder order)
    {
        var start = new ProcessStartInfo(file, [.. words, .. order.ToWords()]);
        foreach (var (name, value) in settings)
        {
            var variable = "GROUNDWORK_" + name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
            foreach (var other in start.Environment.Keys.Where(k => string.Equals(k, variable, StringComparison.OrdinalIgnoreCase)).ToList())
                start.Environment.Remove(other);
            start.Environment[variable] = value;
        }

        return start;
    }
}
