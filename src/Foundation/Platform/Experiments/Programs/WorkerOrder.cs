using System.Globalization;

namespace Groundwork.Platform.Experiments.Programs;

/// <summary>What a worker is told to do, as the words of the hidden command that does it.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Folder">The experiment's folder.</param>
/// <param name="Argument">What is passed on.</param>
/// <param name="Rounds">How many rounds the experiment has.</param>
/// <param name="Seed">Of the worker's own randomness.</param>
/// <param name="Sabotage">Whether the protection is taken away.</param>
public sealed record WorkerOrder(string Experiment, string Folder, string Argument, int Rounds, int Seed, bool Sabotage)
{
    /// <summary>The command's name.</summary>
    public const string Command = "experiment-worker";

    private const string SabotageWord = "--sabotage";

    /// <summary>The command line, the command's name first.</summary>
    public IReadOnlyList<string> ToWords() =>
    [
        Command, Experiment, $"--folder={Folder}", $"--argument={Argument}",
        string.Create(CultureInfo.InvariantCulture, $"--rounds={Rounds}"), string.Create(CultureInfo.InvariantCulture, $"--seed={Seed}"),
        .. Sabotage ? [SabotageWord] : Array.Empty<string>(),
    ];

    /// <summary>Reads what <see cref="ToWords"/> wrote, without the command's name.</summary>
    /// <exception cref="FormatException">Something is missing or no number.</exception>
    public static WorkerOrder Parse(IReadOnlyList<string> words)
    {
        return new WorkerOrder(
            words.Count > 0 ? words[0] : throw new FormatException("A worker needs the name of its experiment."),
            Value("folder"),
            Value("argument"),
            int.Parse(Value("rounds"), CultureInfo.InvariantCulture),
            int.Parse(Value("seed"), CultureInfo.InvariantCulture),
            words.Contains(SabotageWord));

        string Value(string name) =>
            words.FirstOrDefault(w => w.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..]
            ?? throw new FormatException($"A worker needs --{name}=….");
    }
}
