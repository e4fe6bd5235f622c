using Groundwork.Ports.Experiments;

namespace Groundwork.Platform.Experiments.Benchmarks;

/// <summary>
/// What <c>groundwork bench --json</c> writes: one shape for all systems. A change that breaks readers changes
/// <see cref="Schema"/>.
/// </summary>
/// <param name="Schema"><c>groundwork-bench/1</c>.</param>
/// <param name="Date">When it began, UTC.</param>
/// <param name="Machine">Where.</param>
/// <param name="Smoke">Whether it was only a check that everything runs: its figures mean nothing.</param>
/// <param name="Benchmarks">In the order in which they ran.</param>
public sealed record BenchmarkReport(
    string Schema, DateTimeOffset Date, Machine Machine, bool Smoke, IReadOnlyList<BenchmarkResult> Benchmarks)
{
    /// <summary>The shape that this program writes.</summary>
    public const string CurrentSchema = "groundwork-bench/1";

    /// <summary>Whether every benchmark ran to its end.</summary>
    public bool Succeeded => Benchmarks.All(b => b.Error is null);
}

/// <summary>What one benchmark gave.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Work">What was done, in a sentence.</param>
/// <param name="Unit">What one operation is called.</param>
/// <param name="Contenders">Those that ran, ours first; none when it failed.</param>
/// <param name="Missing">Those that could not run here, and why.</param>
/// <param name="Error">Why it failed; null when it didn't.</param>
public sealed record BenchmarkResult(
    string Name,
    string Work,
    string Unit,
    IReadOnlyList<ContenderResult> Contenders,
    IReadOnlyList<MissingContender> Missing,
    string? Error);

/// <summary>What one contender gave. Ratios are ours over this one's, round by round; null for ours itself, and where a
/// round was too short to be measured.</summary>
/// <param name="Name">Whose way it is.</param>
/// <param name="Accounting">Whose processor time was counted: a contender inside this process shares its accounts with the
/// load and the runtime.</param>
/// <param name="Rounds">In the order in which they ran.</param>
/// <param name="OperationsPerSecond">Throughput.</param>
/// <param name="ProcessorMicrosecondsPerOperation">User and system time, per operation.</param>
/// <param name="SpeedRatio">Our operations per second over this one's: above 1, ours is faster.</param>
/// <param name="ProcessorRatio">Our processor time per operation over this one's: below 1, ours is cheaper.</param>
/// <param name="Figures">What else was seen after each round; null where there was nothing.</param>
public sealed record ContenderResult(
    string Name,
    ProcessorAccounting Accounting,
    IReadOnlyList<BenchmarkRound> Rounds,
    Spread OperationsPerSecond,
    Spread ProcessorMicrosecondsPerOperation,
    Spread? SpeedRatio,
    Spread? ProcessorRatio,
    IReadOnlyList<FigureResult>? Figures);

/// <summary>A figure over all rounds that had it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">In what it is counted.</param>
/// <param name="Value">How much.</param>
public sealed record FigureResult(string Name, FigureUnit Unit, Spread Value);

/// <summary>Whose processor time was counted.</summary>
public enum ProcessorAccounting
{
    /// <summary>This process's: the contender, the load that drives it, and the runtime.</summary>
    ThisProcess,

    /// <summary>This process's, and that of the contender's server with its children.</summary>
    ThisProcessAndServer,

    /// <summary>That of the contender's server with its children: this process only drives the load.</summary>
    Server,
}

/// <summary>A contender that could not run here.</summary>
public sealed record MissingContender(string Name, string Reason);

/// <summary>One round of one contender.</summary>
/// <param name="Operations">How many were done.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="ProcessorSeconds">How much processor time it took.</param>
public sealed record BenchmarkRound(long Operations, double Seconds, double ProcessorSeconds)
{
    internal double OperationsPerSecond => Operations / Seconds;

    internal double ProcessorMicrosecondsPerOperation => ProcessorSeconds * 1e6 / Operations;
}
