using System.Globalization;

namespace Groundwork.Platform.Experiments.Drills;

/// <summary>What a worker is told to do, as the words of the hidden command that does it.</summary>
/// <param name="Drill">The drill's name.</param>
/// <param name="Folder">The drill's folder.</param>
/// <param name="Argument">What the drill passes on.</param>
/// <param name="Rounds">How many rounds the drill has.</param>
/// <param name="Seed">Of the worker's own randomness.</param>
/// <param name="Sabotage">Whether the protection is taken away.</param>
public sealed record WorkerOrder(string Drill, string Folder, string Argument, int Rounds, int Seed, bool Sabotage)
{
    /// <summary>The command's name.</summary>
    public const string Command = "drill-worker";

    private const string SabotageWord = "--sabotage";

    /// <summary>The command line, the command's name first.</summary>
    public IReadOnlyList<string> ToWords() =>
    [
        Command, Drill, $"--folder={Folder}", $"--argument={Argument}",
        string.Create(CultureInfo.InvariantCulture, $"--rounds={Rounds}"), string.Create(CultureInfo.InvariantCulture, $"--seed={Seed}"),
        .. Sabotage ? [SabotageWord] : Array.Empty<string>(),
    ];

    /// <summary>Reads what <see cref="ToWords"/> wrote, without the command's name.</summary>
    /// <exception cref="FormatException">Something is missing or no number.</exception>
    public static WorkerOrder Parse(IReadOnlyList<string> words)
    {
        return new WorkerOrder(
            words.Count > 0 ? words[0] : throw new FormatException("A worker needs the name of its drill."),
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
