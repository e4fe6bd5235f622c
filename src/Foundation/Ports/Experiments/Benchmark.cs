namespace Groundwork.Ports.Experiments;

/// <summary>
/// Something that <c>groundwork bench SYSTEM</c> measures: contenders doing the same work, in turn, in the same run.
/// </summary>
public abstract class Benchmark
{
    /// <summary><c>system.what</c>, lower case: <c>database.sqlite.inserts</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The work, in one sentence: what is done, how much of it, by how many callers, how durable.</summary>
    public abstract string Work { get; }

    /// <summary>What one operation is called: <c>inserts</c>.</summary>
    public abstract string Unit { get; }

    /// <summary>
    /// Prepares the contenders, ours first. One that cannot run here is there with the reason in <see cref="Contender.Missing"/>.
    /// </summary>
    public abstract Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken);

    /// <summary>
    /// The part that runs in a process of its own, so that its processor time can be told apart: a rival's server, say. Started
    /// by <see cref="IExperimentContext.StartWorker"/>; what it writes to <paramref name="output"/> is read there.
    /// </summary>
    /// <param name="argument">What was passed on.</param>
    /// <param name="output">Line by line; flush when others should see it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public virtual Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{Name} has no worker.");
}

/// <summary>What a benchmark is given.</summary>
public interface IBenchmarkContext : IExperimentContext
{
    /// <summary>Whether this is only a check that it runs: take the least of everything.</summary>
    bool Smoke { get; }
}

/// <summary>Something about a round that is no ratio: a latency, memory.</summary>
/// <param name="Name">What it is, the same in every round: <c>p99</c>.</param>
/// <param name="Value">How much, in its unit.</param>
/// <param name="Unit">In what it is counted.</param>
public sealed record Figure(string Name, double Value, FigureUnit Unit);

/// <summary>In what a <see cref="Figure"/> is counted.</summary>
public enum FigureUnit
{
    /// <summary>How many, or how many times.</summary>
    Count,

    /// <summary>Thousandths of a second.</summary>
    Milliseconds,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A part of 1.</summary>
    Share,
}

/// <summary>One way of doing a benchmark's work: ours, a rival's, or the limit.</summary>
/// <param name="Name">Whose way it is.</param>
/// <param name="RoundAsync">Does the work once, from a fresh start, and returns how many operations that was. Only the time
/// of this call is measured.</param>
/// <param name="Dispose">Lets go of what preparing took.</param>
/// <param name="ServerProcess">A rival's process, whose processor time counts as well.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
public sealed record Contender(
    string Name,
    Func<CancellationToken, Task<long>> RoundAsync,
    Func<ValueTask>? Dispose = null,
    int? ServerProcess = null,
    string? Missing = null)
{
    /// <summary>
    /// Whether this process only drives the load, so that of the processor's time only that of <see cref="ServerProcess"/> counts.
    /// All contenders of a benchmark should be alike in this.
    /// </summary>
    public bool OnlyServerCounts { get; init; }

    /// <summary>What else is to be seen after each round, outside of the time that is measured; null where there is nothing.</summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<Figure>>>? FiguresAsync { get; init; }

    /// <summary>A contender that is not there.</summary>
    public static Contender Absent(string name, string reason) =>
        new(name, _ => throw new InvalidOperationException(reason), Missing: reason);
}
