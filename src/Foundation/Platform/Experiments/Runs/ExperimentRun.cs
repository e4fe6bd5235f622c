namespace Groundwork.Platform.Experiments.Runs;

/// <summary>What an experiment is.</summary>
public enum ExperimentKind
{
    /// <summary>It injects a failure and checks a claim.</summary>
    Drill,

    /// <summary>It measures.</summary>
    Benchmark,
}

/// <summary>A drill or a benchmark that can be run. Immutable.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Name"><c>section.what</c>.</param>
/// <param name="Summary">A drill's claim, a benchmark's work.</param>
/// <param name="Module">Whose it is.</param>
/// <param name="DefaultRounds">How many rounds it has where nobody says.</param>
public sealed record RunnableExperiment(ExperimentKind Kind, string Name, string Summary, string Module, int DefaultRounds);

/// <summary>What is to be run.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Name">The whole name.</param>
public sealed record RunOrder(ExperimentKind Kind, string Name)
{
    /// <summary>Only whether it runs: the least of everything.</summary>
    public bool Smoke { get; init; }

    /// <summary>How many rounds; null for its default. 1 to 1,000 for a benchmark, to 100,000 for a drill.</summary>
    public int? Rounds { get; init; }

    /// <summary>Of a drill's random choices; null draws one. A benchmark has none.</summary>
    public int? Seed { get; init; }
}

/// <summary>How far a run is.</summary>
public enum RunState
{
    /// <summary>It is under way.</summary>
    Running,

    /// <summary>It ended, and what it claims held; or it measured.</summary>
    Succeeded,

    /// <summary>It ended, and did not hold, or could not be done: its output says which.</summary>
    Failed,

    /// <summary>Somebody ended it, or the instance stopped.</summary>
    Cancelled,
}

/// <summary>A run as it was at a moment. Immutable.</summary>
/// <param name="Id">Greater than that of every run before it; the first of an instance is 1.</param>
/// <param name="Order">What was asked for.</param>
/// <param name="By">Who asked: a principal's name.</param>
/// <param name="CommandLine">The same from a terminal.</param>
/// <param name="State">How far it is.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="ExitCode">The process's; null while it runs.</param>
/// <param name="Lines">How many lines it has said so far.</param>
public sealed record ExperimentRun(
    long Id,
    RunOrder Order,
    string By,
    string CommandLine,
    RunState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int? ExitCode,
    long Lines);

/// <summary>A line of a run's output.</summary>
/// <param name="Number">From 1; a gap is what was forgotten.</param>
/// <param name="Text">Without its end; long ones are cut.</param>
/// <param name="IsError">Whether it came from the error stream.</param>
public readonly record struct RunLine(long Number, string Text, bool IsError);

/// <summary>What became of the wish to run something.</summary>
/// <param name="Run">The run that began; null where none did.</param>
/// <param name="Refusal">Why none did, for whoever asked; empty where one did.</param>
public readonly record struct RunStart(ExperimentRun? Run, string Refusal);
