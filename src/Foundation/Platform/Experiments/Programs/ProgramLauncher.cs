using System.Diagnostics;
using System.Reflection;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>How the program of an experiment's processes is started.</summary>
public interface IProgramLauncher
{
    /// <summary>The program with these words; whoever starts it adds what becomes of its input and output.</summary>
    ProcessStartInfo Describe(IReadOnlyList<string> words);
}

/// <summary>
/// Starts a program of ours. Settings of the command line go to it through the environment, where other users cannot read
/// the secrets among them.
/// </summary>
/// <param name="file">What to execute.</param>
/// <param name="prefix">What comes before the command's own words.</param>
/// <param name="settings">The settings that stood on the command line.</param>
public sealed class ProgramLauncher(
    string file, IReadOnlyList<string> prefix, IReadOnlyList<KeyValuePair<string, string>> settings) : IProgramLauncher
{
    /// <summary>The hidden command that runs the whole program: <c>up</c>, until its parent ends.</summary>
    public const string ProgramCommand = "experiment-program";

    /// <summary>The option that names the experiment for which it runs.</summary>
    public const string ExperimentOption = "--experiment";

    /// <summary>The option by which the experiment's drill takes its protection away.</summary>
    public const string SabotageOption = "--sabotage";

    /// <summary>The hidden command's words, without the program's settings.</summary>
    internal static IEnumerable<string> ProgramWords(WorkerOrder order) =>
        [ProgramCommand, $"{ExperimentOption}={order.Experiment}", .. order.Sabotage ? [SabotageOption] : Array.Empty<string>()];

    /// <summary>
    /// The very program that runs: its own executable, or, where that is <c>dotnet</c>, <c>dotnet</c> with the entry assembly.
    /// </summary>
    public static ProgramLauncher OfThisProgram(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var file = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var isDotnet = string.Equals(Path.GetFileNameWithoutExtension(file), "dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProgramLauncher(file, isDotnet ? [Assembly.GetEntryAssembly()!.Location] : [], settings);
    }

    /// <inheritdoc/>
    public ProcessStartInfo Describe(IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(file, [.. prefix, .. words]);
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
