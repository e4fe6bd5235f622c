namespace Groundwork.Platform.Experiments.Drills;

/// <summary>What <c>groundwork drill --json</c> writes. A change that breaks readers changes <see cref="Schema"/>.</summary>
/// <param name="Schema"><c>groundwork-drill/1</c>.</param>
/// <param name="Date">When it began, UTC.</param>
/// <param name="Machine">Where.</param>
/// <param name="Drills">In the order in which they ran.</param>
public sealed record DrillReport(string Schema, DateTimeOffset Date, Machine Machine, IReadOnlyList<DrillOutcome> Drills)
{
    /// <summary>The shape that this program writes.</summary>
    public const string CurrentSchema = "groundwork-drill/1";

    /// <summary>Whether every claim held that could be checked here.</summary>
    public bool Held => Drills.All(d => d.Held || d.Missing is not null);
}

/// <summary>What came of one drill.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Claim">What the design claims.</param>
/// <param name="Sabotage">Which protection was taken away; null when none was. The claim is expected to fail then.</param>
/// <param name="Rounds">How many times the failure was to be injected.</param>
/// <param name="Seed">Repeats the same choices.</param>
/// <param name="Held">Whether the claim held; false also when the drill could not be carried out.</param>
/// <param name="Done">What was done.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Folder">The folder that was kept, to look into; null when it was removed because the claim held.</param>
/// <param name="Error">Why the drill could not be carried out, which it should have been; null when it was.</param>
/// <param name="Missing">Why this machine cannot carry it out; null when it can.</param>
public sealed record DrillOutcome(
    string Name,
    string Claim,
    string? Sabotage,
    int Rounds,
    int Seed,
    bool Held,
    string Done,
    string Seen,
    double Seconds,
    string? Folder,
    string? Error,
    string? Missing)
{
    /// <summary>What it means, in a sentence.</summary>
    public string Verdict => (Held, Error, Sabotage) switch
    {
        _ when Missing is not null => "The drill cannot be carried out on this machine, so nothing is shown.",
        (_, not null, _) => "The drill could not be carried out, so nothing is shown.",
        (true, _, null) => "The claim held.",
        (false, _, null) => "The claim does not hold.",
        (false, _, _) => "The claim fails without its protection, as it must: this shows that the drill can fail.",
        (true, _, _) => "The claim held although its protection was taken away: this drill has shown nothing; try more rounds.",
    };
}
